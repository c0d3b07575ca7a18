// Tributary itself, as its users run it: with keys, limits and metrics, and a configuration file.
import { writeFileSync } from 'node:fs';
import { answers, ask } from './http.mjs';
import { freePort } from './processes.mjs';
import { service_role } from './cluster.mjs';

/// So many that nobody is refused; the counting itself stays on.
const requests_per_minute = 60_000_000;

const quoted = (text) => JSON.stringify(text);

/// The text of a configuration file. `cache_bytes` undefined leaves the service's own default.
export function configuration({ port, admin_port, url, key_file, threads, cache_bytes, syncs, upvest }) {
    return [
        `listen = "127.0.0.1:${port}"`,
        `admin_listen = "127.0.0.1:${admin_port}"`,
        `threads = ${threads}`,
        '[api]', `requests_per_minute = ${requests_per_minute}`,
        '[database]', `url = ${quoted(url)}`, `role = "${service_role}"`,
        '[secrets]', `key_file = ${quoted(key_file)}`,
        '[sync]', `enabled = ${syncs}`,
        ...(upvest === undefined ? [] : ['[providers.upvest]', `allowed_base_urls = [${quoted(upvest)}]`]),
        ...(cache_bytes === undefined ? [] : ['[cache]', `bytes = ${cache_bytes}`]),
        '',
    ].join('\n');
}

export class Service {
    #processes;
    #binary;
    #folder;
    #running;

    constructor(processes, binary, folder) {
        this.#processes = processes;
        this.#binary = binary;
        this.#folder = folder;
    }

    /// {cluster, database, key_file, threads, cache_bytes, syncs, upvest, cores, name}; returns once it is ready, with the
    /// milliseconds that it took.
    async start({ cluster, database, cores, name = 'tributary', ...settings }) {
        this.port = await freePort();
        this.admin_port = await freePort();
        this.config = this.#writeConfig(name, cluster.url(service_role, database), settings);
        const began = performance.now();
        this.#running = this.#processes.start({ name, cores, argv: [this.#binary, '--config', this.config, 'serve'] });
        await this.#running.until(() => answers(this.admin_port, '/readyz'), { every_ms: 2 });
        return performance.now() - began;
    }

    #writeConfig(name, url, settings) {
        const file = `${this.#folder}/${name}.toml`;
        const text = configuration({ port: this.port, admin_port: this.admin_port, url, threads: 1, syncs: false, ...settings });
        writeFileSync(file, text, { mode: 0o600 });
        return file;
    }

    get pid() {
        return this.#running.pid;
    }

    /// A metric without labels; undefined where there is none of the name.
    async metric(name) {
        const { body } = await ask(this.admin_port, '/metrics');
        const line = new RegExp(`^${name} (\\S+)$`, 'm').exec(body);
        return line === null ? undefined : Number(line[1]);
    }

    async stop() {
        await this.#running?.stop();
    }

    /// A command of the program on a database that no service has to run on; JSON where it prints JSON.
    async command(words, { cluster, database, owner = false, ...settings }) {
        this.port ??= await freePort();
        this.admin_port ??= await freePort();
        const config = this.#writeConfig('command', cluster.url(service_role, database), settings);
        const env = owner ? { TRIBUTARY_DATABASE_DIRECT_URL: cluster.url('tributary', database) } : {};
        const out = await this.#processes.run({ name: words[0], env, argv: [this.#binary, '--config', config, '--json', ...words] });
        return JSON.parse(out);
    }

    /// Whether this build has the key in its configuration.
    async knows(key, where) {
        const rows = await this.command(['config', 'print'], where);
        return rows.some((row) => row.key === key);
    }
}
