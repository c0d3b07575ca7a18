// Reads every document once.
import { Agent, request } from 'node:http';

const at_once = 64;

function read(agent, port, path, key) {
    return new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, agent, headers: { authorization: `Bearer ${key}` } }, (reply) => {
            if (reply.statusCode !== 200) reject(new Error(`${path} was answered ${reply.statusCode}`));
            reply.resume().once('end', resolve).once('error', reject);
        });
        asked.once('error', reject).end();
    });
}

/// Of all these customers.
export async function readOnce(port, ids, key) {
    const agent = new Agent({ keepAlive: true, maxSockets: at_once });
    let next = 0;
    const worker = async () => {
        while (next < ids.length) {
            const id = ids[next];
            next += 1;
            await read(agent, port, `/v1/customers/${id}`, key);
        }
    };
    await Promise.all(Array.from({ length: at_once }, worker));
    agent.destroy();
}
