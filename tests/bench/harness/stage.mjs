// Who is measured: ours and its peers, started as a scenario asks for them and kept until it ends.
import { writeFileSync } from 'node:fs';
import { Cluster } from './cluster.mjs';
import { expect } from './http.mjs';
import { pgbenchRound, pgbenchScript, wrkRound } from './load.mjs';
import { startBeast, startFastify, startFastifyPg, startNginx } from './peers.mjs';
import { ids_a_row } from './population.mjs';
import { Service } from './service.mjs';

/// How long contestants are measured: rounds that count, and seconds of each. What comes first warms up and does not count.
export const lengths = {
    full: { rounds: 5, seconds: 4, warm_up: 2 },
    quick: { rounds: 3, seconds: 1, warm_up: 1 },
};

const starters = { nginx: startNginx, fastify: startFastify, fastify_pg: startFastifyPg, beast: startBeast };

export class Stage {
    #started = new Map();

    /// {processes, places, population, layout, quick, guarding}: quick is short, guarding leaves out what has no baseline. The cluster
    /// of the population runs while the stage stands.
    constructor(tools) {
        Object.assign(this, tools);
        this.length = lengths[this.quick ? 'quick' : 'full'];
        this.cluster = new Cluster(this.processes, this.population.folder);
    }

    async open() {
        await this.cluster.start({ measuring: true });
    }

    get database() {
        return { cluster: this.cluster, database: 'tributary', key_file: this.population.key_file };
    }

    /// A service of our own on these cores, with so many threads; `more` goes into its configuration.
    async ours(cores, more = {}) {
        const key = `ours ${cores.join(',')} ${JSON.stringify(more)}`;
        if (!this.#started.has(key)) {
            const service = new Service(this.processes, this.places.tributary, this.places.run);
            const name = `tributary-${this.#started.size}`;
            await service.start({ ...this.database, cores, name, threads: cores.length, ...more });
            this.#started.set(key, service);
        }
        return this.#started.get(key);
    }

    /// What ours answers there, whose body and number of header bytes peers send.
    async answer(service, path) {
        return expect(service.port, path, { key: this.population.key });
    }

    /// The peer of that name on these cores. `like` is what those send that send something fixed.
    async peer(name, cores, like) {
        const key = `${name} ${cores.join(',')} ${like?.head_bytes} ${like?.body.length}`;
        if (!this.#started.has(key)) {
            const { processes, places, cluster, population } = this;
            this.#started.set(key, await starters[name]({ processes, places, cluster, population, cores, like }));
        }
        return this.#started.get(key);
    }

    /// A contestant: wrk asking `server` so.
    asked(server, asking, cores) {
        const { processes, places, population, cluster } = this;
        const pinned = { servers: cores, load: this.layout.load };
        return (seconds) => wrkRound({ processes, places, cores: pinned, population, cluster }, server, asking, seconds);
    }

    /// A contestant: pgbench reading bodies of the same table by key, on the same cores.
    pgbench(cores) {
        const script = `${this.places.run}/by_key.sql`;
        writeFileSync(script, pgbenchScript(ids_a_row), { mode: 0o644 });
        const { cluster, population } = this;
        const reads = { script, rows: population.rows_of_ids, statements: ids_a_row };
        return (seconds) => pgbenchRound({ cluster, population, cores: { servers: cores } }, reads, seconds);
    }

    /// PostgreSQL stands on the server's cores: what a server leaves to it is not free.
    async pin(cores) {
        await this.cluster.pin(cores);
    }

    /// Rounds of each contestant, in turn, so that what the machine does meanwhile meets all: {name: [round, ...]}.
    async inTurn(contestants) {
        const { rounds, seconds, warm_up } = this.length;
        const found = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
        for (const round of Object.values(contestants)) await round(warm_up);
        for (let i = 0; i < rounds; i += 1) {
            for (const [name, round] of Object.entries(contestants)) found[name].push(await round(seconds));
        }
        return found;
    }

    /// Ends the contestants; PostgreSQL goes on.
    async clear() {
        for (const one of [...this.#started.values()].reverse()) await (one.running ?? one).stop(one.name === 'nginx' ? 'SIGQUIT' : undefined);
        this.#started.clear();
    }
}
