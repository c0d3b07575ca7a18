// The servers that ours is measured beside. Each returns {port, pid} of one that listens.
import { mkdirSync, writeFileSync } from 'node:fs';
import { answers, expect, listens } from './http.mjs';
import { freePort } from './processes.mjs';
import { service_role } from './cluster.mjs';

/// nginx expands variables in what it returns, and takes it in single quotes.
export function fitsNginx(body) {
    return !/[$'\\\n]/.test(body) && Buffer.byteLength(body) < 4000;
}

export function nginxConfiguration({ port, workers, folder, body, padding }) {
    const field = padding === undefined ? '' : `add_header X-Padding "${'x'.repeat(padding)}";`;
    return `
worker_processes ${workers};
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
    access_log off;
    server_tokens off;
    default_type application/json;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    server {
        listen 127.0.0.1:${port} reuseport;
        location / { ${field} return 200 '${body}'; }
    }
}
`;
}

/// TLS ends at nginx, which asks `behind` over connections that it keeps.
export function terminatorConfiguration({ port, workers, folder, behind }) {
    return `
worker_processes ${workers};
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    upstream behind { server 127.0.0.1:${behind}; keepalive 64; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:${port} ssl reuseport;
        ssl_certificate ${folder}/certificate.pem;
        ssl_certificate_key ${folder}/key.pem;
        location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
}
`;
}

/// nginx that speaks TLS before `behind`, a server that listens. What both use of the processor counts as theirs.
export async function startTerminator({ processes, places, cores, behind }) {
    const folder = `${places.run}/tls-${behind.name}`;
    mkdirSync(folder, { recursive: true });
    await processes.run({
        name: 'openssl',
        argv: ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-keyout', `${folder}/key.pem`, '-out', `${folder}/certificate.pem`],
    });
    const port = await freePort();
    writeFileSync(`${folder}/nginx.conf`, terminatorConfiguration({ port, workers: cores.length, folder, behind: behind.port }));
    const running = processes.start({
        name: `tls-${behind.name}`, cores, argv: ['/usr/sbin/nginx', '-e', 'stderr', '-p', folder, '-c', `${folder}/nginx.conf`] });
    await running.until(() => listens(port));
    return { name: `tls before ${behind.name}`, scheme: 'https', port, pid: running.pid, running };
}

const padding_field = 'X-Padding: \r\n'.length;

/// `like`: an answer of ours, whose body and whose number of header bytes it sends.
export async function startNginx({ processes, places, cores, like }) {
    const folder = `${places.run}/nginx`;
    mkdirSync(folder, { recursive: true });
    const start = async (padding) => {
        const port = await freePort();
        const text = nginxConfiguration({ port, workers: cores.length, folder, body: like.body, padding });
        writeFileSync(`${folder}/nginx.conf`, text);
        const running = processes.start({ name: 'nginx', cores, argv: ['/usr/sbin/nginx', '-e', 'stderr', '-p', folder, '-c', `${folder}/nginx.conf`] });
        await running.until(() => answers(port, '/'));
        return { name: 'nginx', port, pid: running.pid, running, reply: await expect(port, '/') };
    };
    const plain = await start();
    const padding = like.head_bytes - plain.reply.head_bytes - padding_field;
    await plain.running.stop('SIGQUIT');
    if (padding < 1) throw new Error('nginx sends more header bytes than we do, and cannot be made comparable');
    const padded = await start(padding);
    if (padded.reply.head_bytes !== like.head_bytes || padded.reply.body !== like.body) {
        throw new Error('nginx does not send what we send; its answer cannot be compared');
    }
    return padded;
}

async function startNode({ processes, places, cores, name, program, env, path = '/', key }) {
    const port = await freePort();
    const running = processes.start({
        name,
        cores,
        env: { ...env, NODE_ENV: 'production', PORT: String(port), PROCESSES: String(cores.length) },
        argv: [process.execPath, `${places.root}/tests/bench/peers/${program}`],
    });
    await running.until(() => running.output().includes('ready'));
    await expect(port, path, { key });
    return { name, port, pid: running.pid, running };
}

export function startFastify({ like, ...tools }) {
    const file = `${tools.places.run}/body.json`;
    writeFileSync(file, like.body);
    return startNode({ ...tools, name: 'fastify', program: 'constant.mjs', env: { BODY_FILE: file } });
}

export function startFastifyPg({ cluster, population, ...tools }) {
    return startNode({
        ...tools,
        name: 'fastify_pg',
        program: 'over_table.mjs',
        env: { DATABASE_URL: cluster.url(service_role), DATABASE_TENANT: population.tenant },
        path: '/v1/customers?page_size=1',
        key: population.key,
    });
}

/// The bare Beast server, where it has been built.
export async function startBeast({ processes, places, cores }) {
    const port = await freePort();
    const running = processes.start({ name: 'beast', cores, argv: [places.beast, '--port', String(port), '--threads', String(cores.length)] });
    await running.until(() => running.output().includes('ready'));
    return { name: 'beast', port, pid: running.pid, running };
}
