// The PostgreSQL of the benchmarks: one data folder, made once, started for a run on a free port of 127.0.0.1.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { freePort } from './processes.mjs';
import { tree } from './proc.mjs';

export const service_role = 'tributary_service';

/// Debian keeps the server's programs off PATH, a folder a version.
function programs() {
    const folder = '/usr/lib/postgresql';
    const versions = existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/bin/postgres`)) : [];
    if (versions.length === 0) throw new Error('there are no PostgreSQL programs; install the package postgresql');
    return `${folder}/${versions.sort((a, b) => Number(a) - Number(b)).at(-1)}/bin`;
}

/// PostgreSQL refuses to run as root.
const as = userInfo().uid === 0 ? 'postgres' : undefined;

export class Cluster {
    #processes;
    #folder;
    #server;
    #bin = programs();
    #cores;

    /// `folder` holds the data and the password; everything in it goes with it.
    constructor(processes, folder, cores) {
        this.#processes = processes;
        this.#folder = folder;
        this.#cores = cores;
    }

    get #data() {
        return `${this.#folder}/data`;
    }

    get #password() {
        return readFileSync(`${this.#folder}/password`, 'utf8');
    }

    async create() {
        rmSync(this.#folder, { recursive: true, force: true });
        mkdirSync(this.#data, { recursive: true });
        writeFileSync(`${this.#folder}/password`, randomBytes(18).toString('hex'), { mode: 0o600 });
        if (as !== undefined) {
            await this.#processes.run({ name: 'chown', argv: ['chown', `${as}:`, this.#data, `${this.#folder}/password`] });
        }
        await this.#processes.run({
            name: 'initdb',
            as,
            argv: [`${this.#bin}/initdb`, '-D', this.#data, '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8',
                '--data-checksums', '--auth=scram-sha-256', `--pwfile=${this.#folder}/password`],
        });
    }

    /// `measuring`: nothing is cleaned up in the background meanwhile.
    async start({ measuring }) {
        const port = await freePort();
        const settings = {
            listen_addresses: '127.0.0.1',
            unix_socket_directories: '',
            max_connections: 300,
            shared_buffers: '1GB',
            max_wal_size: '16GB',
            checkpoint_timeout: '1h',
            autovacuum: measuring ? 'off' : 'on',
            timezone: 'UTC',
        };
        this.#server = this.#processes.start({
            name: 'postgres',
            cores: this.#cores,
            as,
            death: 'INT',
            argv: [`${this.#bin}/postgres`, '-D', this.#data, '-p', String(port),
                ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        });
        // Its fast way to end; at SIGTERM it would wait for its clients.
        this.#server.stop_signal = 'SIGINT';
        this.port = port;
        await this.#server.until(() => this.#isReady());
    }

    async #isReady() {
        const codes = [0, 1, 2];
        const argv = ['sh', '-c', '"$@" >/dev/null; echo $?', 'sh', `${this.#bin}/pg_isready`, '-h', '127.0.0.1', '-p', String(this.port)];
        return (await this.#processes.run({ name: 'pg_isready', argv, codes })).trim() === '0';
    }

    get pid() {
        return this.#server.pid;
    }

    /// The server and its present sessions; later ones inherit it.
    async pin(cores) {
        for (const pid of tree(this.pid).keys()) {
            // Background workers come and go.
            await this.#processes.run({ name: 'taskset', argv: ['taskset', '-pc', cores.join(','), String(pid)], codes: [0, 1] });
        }
    }

    url(role = 'postgres', database = 'tributary') {
        return `postgresql://${role}:${this.#password}@127.0.0.1:${this.port}/${database}`;
    }

    /// The rows as text, columns separated by tabs.
    async sql(text, { database = 'tributary', role = 'postgres', options = '' } = {}) {
        return this.#processes.run({
            name: 'psql',
            input: text,
            env: { PGPASSWORD: this.#password, PGOPTIONS: options },
            argv: [`${this.#bin}/psql`, '-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1',
                '-p', String(this.port), '-U', role, '-d', database],
        });
    }

    /// A database of an owner of its own, and the role that the service works as.
    async createDatabase(name) {
        await this.sql(
            `SELECT 'CREATE ROLE tributary LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tributary') \\gexec
             SELECT 'CREATE ROLE ${service_role} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${service_role}') \\gexec
             ALTER ROLE tributary PASSWORD '${this.#password}';
             ALTER ROLE ${service_role} PASSWORD '${this.#password}';
             CREATE DATABASE ${name} OWNER tributary;`,
            { database: 'postgres' },
        );
    }

    /// pgbench over one statement file: its output.
    async pgbench({ script, seconds, clients, threads, cores, tenant, variables, name = 'pgbench' }) {
        const defined = Object.entries(variables).flatMap(([key, value]) => ['-D', `${key}=${value}`]);
        return this.#processes.run({
            name,
            cores,
            env: { PGPASSWORD: this.#password, PGOPTIONS: `-c tributary.tenant=${tenant}` },
            argv: [`${this.#bin}/pgbench`, '-n', '-M', 'prepared', '-c', String(clients), '-j', String(threads), '-T', String(seconds),
                ...defined, '-f', script, '-h', '127.0.0.1', '-p', String(this.port), '-U', service_role, 'tributary'],
        });
    }

    async stop() {
        await this.#server?.stop('SIGINT');
    }
}
