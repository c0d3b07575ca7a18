// A fixed rate, whatever the server does: latency counts from when a request was due, so that one that had to wait for an
// earlier one is slow, too. Over a few connections, one request at a time on each.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './statistics.mjs';

class Connection {
    #socket;
    #missing = 0;
    #answered;

    static async to(port) {
        const one = new Connection();
        one.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
        await new Promise((resolve, reject) => one.#socket.once('connect', resolve).once('error', reject));
        one.#socket.on('data', (bytes) => one.#take(bytes));
        return one;
    }

    get free() {
        return this.#answered === undefined;
    }

    send(request, answered) {
        this.#answered = answered;
        this.#socket.write(request);
    }

    #take(bytes) {
        if (this.#missing === 0) {
            const end = bytes.indexOf('\r\n\r\n');
            const head = bytes.toString('latin1', 0, end);
            if (end < 0 || !head.startsWith('HTTP/1.1 200')) throw new Error('an answer at a fixed rate was none');
            this.#missing = Number(/^content-length: (\d+)/im.exec(head)[1]) - (bytes.length - end - 4);
        } else {
            this.#missing -= bytes.length;
        }
        if (this.#missing > 0) return;
        const answered = this.#answered;
        this.#answered = undefined;
        answered();
    }

    close() {
        this.#socket.destroy();
    }
}

/// {p50, p99} in ms, counted from when requests were due.
export async function fixedRate({ port, path, key, rate, seconds, connections = 16 }) {
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
    const all = await Promise.all(Array.from({ length: connections }, () => Connection.to(port)));
    const took = [];
    const due = [];
    const total = Math.round(rate * seconds);
    const began = performance.now() + 10;
    let sent = 0;
    const serve = () => {
        for (const one of all) {
            if (due.length === 0) return;
            if (!one.free) continue;
            const at = due.shift();
            one.send(request, () => {
                took.push(performance.now() - at);
                serve();
            });
        }
    };
    while (took.length < total) {
        const now = performance.now();
        while (sent < total && began + (sent * 1000) / rate <= now) {
            due.push(began + (sent * 1000) / rate);
            sent += 1;
        }
        serve();
        // Timers count in milliseconds, which is too coarse here.
        await new Promise(setImmediate);
        if (now - began > (seconds + 30) * 1000) throw new Error(`${rate} requests a second were not answered`);
    }
    for (const one of all) one.close();
    await sleep(0);
    return { p50: percentile(took, 50), p99: percentile(took, 99) };
}
