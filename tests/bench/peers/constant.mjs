// Fastify that sends one constant string for everything: what a hot read costs in the framework itself.
// PORT, PROCESSES, BODY_FILE.
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { inProcesses } from './processes.mjs';

await inProcesses(async () => {
    const body = readFileSync(process.env.BODY_FILE, 'utf8');
    const app = Fastify({ logger: false });
    app.get('/*', (request, reply) => {
        reply.header('content-type', 'application/json').send(body);
    });
    await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
});
