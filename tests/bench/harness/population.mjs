// The customers that everything is measured over: made by the sandbox, synced by the service itself, and kept from run to run.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, service_role } from './cluster.mjs';
import { expect } from './http.mjs';
import { Service } from './service.mjs';

/// Goes up when what is kept changes its form.
const form = 2;

export const sizes = {
    full: { people: 200_000, groups: 100_000 },
    quick: { people: 3_000, groups: 3_000 },
};

/// How many ids a row of peers.ids has: pgbench reads a row and then one document after the other.
export const ids_a_row = 100;

/// The body of the customer who is read again and again; about 2 KB with what the answer adds.
const hot_bytes = 1700;

const resting_connections = 10_000;

/// What says that a kept population is still the one wanted: its size and the schema that it is in.
export function populationName(size, migrations) {
    const hash = createHash('sha256').update(JSON.stringify([form, size]));
    for (const text of migrations) hash.update('\0').update(text);
    return `${size.people}-${hash.digest('hex').slice(0, 12)}`;
}

export class Population {
    /// `folder` is what a finished one is kept in.
    constructor(folder) {
        this.folder = folder;
        Object.assign(this, JSON.parse(readFileSync(`${folder}/population.json`, 'utf8')));
        this.key = readFileSync(`${folder}/api.key`, 'utf8');
        this.key_file = `${folder}/secrets.key`;
        this.ids_file = `${folder}/ids.txt`;
        this.owners_file = `${folder}/owners.txt`;
    }

    ids() {
        return readFileSync(this.ids_file, 'utf8').trimEnd().split('\n');
    }
}

/// The kept population of this size, made first where there is none.
export async function keptPopulation({ processes, places, size, say }) {
    const migrations = readdirSync(`${places.root}/migrations`).filter((name) => name.endsWith('.sql')).sort();
    const name = populationName(size, migrations.map((file) => readFileSync(`${places.root}/migrations/${file}`, 'utf8')));
    const folder = `${places.state}/${name}`;
    if (!existsSync(`${folder}/population.json`)) {
        for (const old of existsSync(places.state) ? readdirSync(places.state) : []) {
            if (old.startsWith(`${size.people}-`)) rmSync(`${places.state}/${old}`, { recursive: true });
        }
        say(`making ${size.people} people at the sandbox, who are synced once and kept in ${folder}`);
        await new Building({ processes, places, size, say, folder: `${folder}.new` }).run();
        renameSync(`${folder}.new`, folder);
    }
    return new Population(folder);
}

class Building {
    constructor(tools) {
        Object.assign(this, tools);
        this.key_file = `${this.folder}/secrets.key`;
        this.cluster = new Cluster(this.processes, this.folder);
    }

    get #where() {
        return { cluster: this.cluster, database: 'tributary', key_file: this.key_file };
    }

    async run() {
        mkdirSync(this.places.state, { recursive: true });
        await this.cluster.create();
        await this.cluster.start({ measuring: false });
        writeFileSync(this.key_file, randomBytes(32).toString('base64'), { mode: 0o600 });
        this.service = new Service(this.processes, this.places.tributary, this.folder);
        await this.#migrated('tributary');
        const admin = await this.#key('read,personal,sync,admin');
        await this.#sync(admin);
        await this.#describe(await this.#key('read,personal'));
        await this.#resting();
        await this.cluster.sql('VACUUM (ANALYZE)');
        await this.cluster.sql('CHECKPOINT');
        await this.cluster.stop();
    }

    async #migrated(database) {
        await this.cluster.createDatabase(database);
        const where = { ...this.#where, database };
        await this.service.command(['migrate'], { ...where, owner: true });
        return (await this.service.command(['tenant', 'create', 'bench'], where)).id;
    }

    async #key(scopes) {
        return (await this.service.command(['key', 'create', '--tenant', 'bench', '--scopes', scopes], this.#where)).key;
    }

    async #sync(key) {
        const ready = `${this.folder}/sandbox.json`;
        const sandbox = this.processes.start({
            name: 'sandbox',
            argv: [this.places.sandbox, '--people', String(this.size.people), '--upvest-groups', String(this.size.groups), '--ready-file', ready],
        });
        await sandbox.until(() => existsSync(ready), { seconds: 600 });
        const urls = JSON.parse(readFileSync(ready, 'utf8'));
        await this.service.start({ ...this.#where, syncs: true, upvest: urls.upvest, threads: 0 });
        const { body } = await expect(new URL(urls.control).port, '/connections');
        for (const one of JSON.parse(body).connections.filter(({ provider }) => provider === 'upvest')) {
            await this.#syncOne(key, { ...one, schedule: 'manual' });
        }
        await this.service.stop();
        await sandbox.stop();
    }

    /// One after the other: what two clients know of one person is joined either way.
    async #syncOne(key, connection) {
        const { port } = this.service;
        const made = await expect(port, '/v1/connections', { key, method: 'POST', body: JSON.stringify(connection), status: 201 });
        const asked = await expect(port, `/v1/connections/${JSON.parse(made.body).id}/sync`, { key, method: 'POST', status: 202 });
        const began = performance.now();
        for (let looks = 1; ; looks += 1) {
            await sleep(200);
            const run = JSON.parse((await expect(port, `/v1/runs/${JSON.parse(asked.body).id}`, { key })).body);
            const seconds = Math.round((performance.now() - began) / 1000);
            if (run.state === 'succeeded') {
                this.say(`synced ${connection.name} in ${seconds} s`);
                return;
            }
            if (run.state !== 'queued' && run.state !== 'running') throw new Error(`the sync of ${connection.name}: ${JSON.stringify(run)}`);
            if (looks % 75 === 0) {
                this.say(`syncing ${connection.name}: ${(await this.cluster.sql('SELECT count(*) FROM documents')).trim()} documents, ${seconds} s`);
            }
        }
    }

    /// What the peers and the load need to know of it.
    async #describe(key) {
        const columns = Array.from({ length: ids_a_row }, (_, i) => `a[${i + 1}] AS id${i}`).join(', ');
        const hash = createHash('sha256').update(key).digest('hex');
        await this.cluster.sql(`
            CREATE SCHEMA peers;
            CREATE TABLE peers.api_keys (key_hash text PRIMARY KEY, tenant_id uuid NOT NULL, scopes text NOT NULL);
            INSERT INTO peers.api_keys SELECT '${hash}', tenant_id, 'personal read' FROM tenants;
            CREATE TABLE peers.ids AS SELECT n::int, ${columns} FROM (
                SELECT n, array_agg(document_id) AS a FROM (
                    SELECT (row_number() OVER (ORDER BY md5(document_id::text)) - 1) / ${ids_a_row} AS n, document_id
                    FROM documents WHERE kind = 'customer' AND deleted_at IS NULL) AS numbered
                GROUP BY n HAVING count(*) = ${ids_a_row}) AS gathered;
            ALTER TABLE peers.ids ADD PRIMARY KEY (n);
            GRANT USAGE ON SCHEMA peers TO ${service_role};
            GRANT SELECT ON ALL TABLES IN SCHEMA peers TO ${service_role};`);
        const ids = await this.cluster.sql("SELECT document_id FROM documents WHERE kind = 'customer' AND deleted_at IS NULL");
        const owners = await this.cluster.sql(`
            SELECT DISTINCT m.customer_id FROM memberships m JOIN access a USING (tenant_id, profile_id)
            JOIN documents d ON d.tenant_id = m.tenant_id AND d.document_id = m.customer_id AND d.deleted_at IS NULL`);
        const one = async (text) => (await this.cluster.sql(text)).trim();
        const count = async (kind) => Number(await one(`SELECT count(*) FROM documents WHERE kind = '${kind}' AND deleted_at IS NULL`));
        const facts = {
            customers: await count('customer'),
            accounts: await count('account'),
            account_groups: await count('account_group'),
            hot: await one(`
                SELECT document_id FROM documents WHERE kind = 'customer' AND deleted_at IS NULL
                ORDER BY abs(octet_length(body) - ${hot_bytes}), document_id LIMIT 1`),
            rows_of_ids: Number(await one('SELECT count(*) FROM peers.ids')),
            tenant: await one('SELECT tenant_id FROM tenants'),
            commit: Number(await one('SELECT commit_no FROM feed_head')),
        };
        writeFileSync(`${this.folder}/ids.txt`, ids);
        writeFileSync(`${this.folder}/owners.txt`, owners);
        writeFileSync(`${this.folder}/api.key`, key, { mode: 0o600 });
        writeFileSync(`${this.folder}/population.json`, JSON.stringify(facts));
    }

    /// A second database, in which connections are scheduled and nothing is due.
    async #resting() {
        const tenant = await this.#migrated('resting');
        await this.cluster.sql(
            `INSERT INTO connections (tenant_id, connection_id, name, provider, environment, base_url, period_seconds, settings,
                 sealed_credentials, lifecycle, health, health_reason, created_at)
             SELECT '${tenant}', md5('connection ' || n)::uuid, 'connection ' || n, 'upvest', 'production', 'https://example.org', 86400,
                 '{}', 'sealed', 'enabled', 'active', '', now() FROM generate_series(1, ${resting_connections}) AS n;
             INSERT INTO due_queue (connection_id, tenant_id, provider, due_at, priority, fence)
             SELECT connection_id, tenant_id, provider, now(), 0, 0 FROM connections;
             VACUUM (ANALYZE);`,
            { database: 'resting' },
        );
    }
}
