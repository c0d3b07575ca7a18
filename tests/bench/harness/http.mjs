// Single requests: to see that a server is there, and what it sends.
import { request } from 'node:http';
import { connect } from 'node:net';

/// {status, headers, body, head_bytes}: head_bytes counts the status line and all fields as they were sent.
export function ask(port, path, { method = 'GET', key, body, fields = {} } = {}) {
    return new Promise((resolve, reject) => {
        const headers = { ...fields };
        if (key !== undefined) headers.authorization = `Bearer ${key}`;
        if (body !== undefined) headers['content-type'] = 'application/json';
        const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (reply) => {
            const parts = [];
            reply.on('data', (part) => parts.push(part));
            reply.on('error', reject);
            reply.on('end', () => {
                resolve({
                    status: reply.statusCode,
                    headers: reply.headers,
                    body: Buffer.concat(parts).toString('utf8'),
                    head_bytes: headBytes(reply),
                });
            });
        });
        asked.setTimeout(60_000, () => asked.destroy(new Error(`${path} is not answered`)));
        asked.on('error', reject);
        asked.end(body);
    });
}

function headBytes(reply) {
    let bytes = `HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}\r\n\r\n`.length;
    for (let i = 0; i < reply.rawHeaders.length; i += 2) {
        bytes += Buffer.byteLength(reply.rawHeaders[i]) + Buffer.byteLength(reply.rawHeaders[i + 1]) + ': \r\n'.length;
    }
    return bytes;
}

/// Whether it answers so; false while nobody listens.
export async function answers(port, path, status = 200) {
    try {
        return (await ask(port, path)).status === status;
    } catch {
        return false;
    }
}

/// The answer; throws where its status is another.
export async function expect(port, path, { status = 200, ...how } = {}) {
    const reply = await ask(port, path, how);
    if (reply.status !== status) throw new Error(`${path} was answered ${reply.status}: ${reply.body.slice(0, 300)}`);
    return reply;
}

/// Whether anybody takes connections there.
export function listens(port) {
    return new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port });
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
}
