// The programs that a run starts. Each ends with the harness, however that ends, and nothing else is ever signalled.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const grace_ms = 20_000;

/// What every program gets; settings of the caller's shell would steer some of them.
const environment = { PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8' };

/// The words that start a program on its cores, as another user where one is named, and end it with us.
export function wrapped(argv, { cores, as, death = 'TERM' }) {
    const user = as === undefined ? [] : [`--reuid=${as}`, `--regid=${as}`, '--init-groups', '--inh-caps=-all'];
    const pinned = cores === undefined ? [] : ['taskset', '-c', cores.join(',')];
    return [...pinned, 'setpriv', ...user, '--pdeathsig', death, '--', ...argv];
}

export class Running {
    #child;
    #gone = false;

    constructor(name, child, log) {
        this.name = name;
        this.log = log;
        this.pid = child.pid;
        this.#child = child;
        this.ended = new Promise((resolve) => {
            child.once('error', (error) => {
                this.#gone = true;
                resolve({ code: undefined, reason: error.message });
            });
            child.once('close', (code, signal) => {
                this.#gone = true;
                resolve({ code, reason: signal === null ? `it ended with ${code}` : `it ended by ${signal}` });
            });
        });
    }

    get gone() {
        return this.#gone;
    }

    /// Asks it to end, and insists after twenty seconds.
    async stop(signal = 'SIGTERM') {
        if (this.#gone) return;
        this.#child.kill(signal);
        const insist = setTimeout(() => this.#child.kill('SIGKILL'), grace_ms);
        await this.ended;
        clearTimeout(insist);
    }

    /// Its output so far.
    output() {
        return readFileSync(this.log, 'utf8');
    }

    /// Until `look` says yes. Throws with the end of its output where it ends before, or takes too long.
    async until(look, { seconds = 60, every_ms = 20 } = {}) {
        const deadline = performance.now() + seconds * 1000;
        for (;;) {
            if (await look()) return;
            const late = performance.now() > deadline;
            if (this.#gone || late) {
                const why = late ? `was not ready within ${seconds} s` : (await this.ended).reason;
                throw new Error(`${this.name}: ${why}. Its output is in ${this.log}:\n${this.output().slice(-1500)}`);
            }
            await sleep(every_ms);
        }
    }
}

export class Processes {
    #logs;
    #running = [];
    #ending = false;

    /// Output of programs goes to files in this folder.
    constructor(logs) {
        this.#logs = logs;
    }

    /// {name, argv, cores, env, as, death, cwd}
    start({ name, argv, env = {}, cwd = '/', ...how }) {
        if (this.#ending) throw new Error('the run is ending');
        const log = `${this.#logs}/${name}.log`;
        const file = openSync(log, 'w');
        const words = wrapped(argv, how);
        const child = spawn(words[0], words.slice(1), {
            env: { ...environment, ...env },
            cwd,
            // In a session of its own: Ctrl-C is for the harness, which ends all in order.
            detached: true,
            stdio: ['ignore', file, file],
        });
        closeSync(file);
        const running = new Running(name, child, log);
        this.#running.push(running);
        return running;
    }

    /// Runs a program to its end: what it wrote. Throws where it does not end with 0 (or with one of `codes`).
    async run({ name, codes = [0], input, argv, env = {}, cwd = '/', ...how }) {
        if (this.#ending) throw new Error('the run is ending');
        const words = wrapped(argv, how);
        const child = spawn(words[0], words.slice(1), {
            env: { ...environment, ...env },
            cwd,
            detached: true,
            stdio: ['pipe', 'pipe', 'pipe'],
        });
        let out = '';
        let error = '';
        child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
        child.stderr.setEncoding('utf8').on('data', (text) => (error += text));
        child.stdin.on('error', () => {});
        child.stdin.end(input ?? '');
        const running = new Running(name, child, undefined);
        this.#running.push(running);
        const { code, reason } = await running.ended;
        this.#running.splice(this.#running.indexOf(running), 1);
        if (!codes.includes(code)) throw new Error(`${name}: ${reason}.\n${(out + error).slice(-1500)}`);
        return out;
    }

    /// The last that was started first. A server that others stand on outlives them.
    async stopAll() {
        this.#ending = true;
        for (const running of this.#running.reverse()) await running.stop(running.stop_signal);
        this.#running = [];
    }
}

/// Below the ports that systems give to whoever connects: those would take a port between its choice and its use.
const [first_port, last_port] = [20_000, 32_000];

function isFree(port) {
    return new Promise((resolve) => {
        const server = createServer();
        server.once('error', () => resolve(false));
        server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
    });
}

/// A port that nobody holds at this moment, and a different one each time.
export async function freePort() {
    for (;;) {
        const port = randomInt(first_port, last_port);
        if (!given.has(port) && (await isFree(port))) {
            given.add(port);
            return port;
        }
    }
}

const given = new Set();
