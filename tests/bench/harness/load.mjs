// Load on a server, and what it was answered: one round of wrk or pgbench.
import { endedChildrenSeconds, processorSeconds, residentMebibytes } from './proc.mjs';

/// The line that load/report.lua writes -> {requests, seconds, p50, p99 (ms), refused, broken}
export function wrkReport(output) {
    const line = /^wrk (\{.*\})$/m.exec(output);
    if (line === null) throw new Error(`wrk said nothing of what it found:\n${output.slice(-1000)}`);
    const told = JSON.parse(line[1]);
    return {
        requests: told.requests,
        seconds: told.duration_us / 1e6,
        p50: told.p50_us / 1000,
        p99: told.p99_us / 1000,
        refused: told.refused,
        broken: told.broken,
    };
}

/// pgbench's output -> {transactions, tps}; connecting is not counted.
export function pgbenchReport(output) {
    const tps = /^tps = ([\d.]+) \(without initial connection time\)$/m.exec(output);
    const count = /^number of transactions actually processed: (\d+)/m.exec(output);
    if (tps === null || count === null) throw new Error(`pgbench said nothing of what it found:\n${output.slice(-1000)}`);
    return { transactions: Number(count[1]), tps: Number(tps[1]) };
}

/// A core that is at work for this much of the time is at its limit.
const busy = 0.97;
const idle = 0.9;

/// Processor time of a server and of PostgreSQL around `work`; the server's memory after it.
async function observed({ pid, cluster }, work) {
    const look = () => ({ server: pid === undefined ? 0 : processorSeconds(pid), pg: cluster === undefined ? 0 : processorSeconds(cluster.pid), load: endedChildrenSeconds() });
    const before = look();
    const found = await work();
    const after = look();
    return {
        found,
        server: after.server - before.server,
        pg: after.pg - before.pg,
        load: after.load - before.load,
        rss: pid === undefined ? undefined : residentMebibytes(pid),
    };
}

/// One round against a server {name, scheme, port, pid}: {rate, p50, p99, cpu_us, pg_cpu_us, rss, load_bound}.
/// `ask`: {script, path, connections, ids, tag} of a scenario.
export async function wrkRound({ processes, places, cores, population, cluster }, server, ask, seconds) {
    const env = { BENCH_KEY: population.key, BENCH_PATH: ask.path };
    if (ask.ids !== undefined) env.BENCH_IDS = ask.ids;
    if (ask.tag !== undefined) env.BENCH_TAG = ask.tag;
    const path = ask.path.replace('%s', '00000000-0000-0000-0000-000000000000');
    const argv = ['wrk', '-t', '2', '-c', String(ask.connections), '-d', `${seconds}s`, '--timeout', '10s',
        '-s', `${places.root}/tests/bench/load/${ask.script}.lua`, `${server.scheme ?? 'http'}://127.0.0.1:${server.port}${path}`];
    const around = await observed({ pid: server.pid, cluster }, async () =>
        wrkReport(await processes.run({ name: 'wrk', cores: cores.load, env, argv })));
    const { found } = around;
    if (found.requests === 0 || found.refused > 0 || found.broken > 0) {
        throw new Error(`${server.name} at ${ask.path}: of ${found.requests} requests ${found.refused} were refused, ${found.broken} got lost`);
    }
    const a_request = (used) => (used * 1e6) / found.requests;
    return {
        rate: found.requests / found.seconds,
        p50: found.p50,
        p99: found.p99,
        cpu_us: a_request(around.server),
        pg_cpu_us: a_request(around.pg),
        rss: around.rss,
        load_bound: around.load / found.seconds > busy * cores.load.length &&
            (around.server + around.pg) / found.seconds < idle * cores.servers.length,
    };
}

/// One round of pgbench, which stands where the server stands: on its cores, beside PostgreSQL.
export async function pgbenchRound({ cores, cluster, population }, { script, rows, statements }, seconds) {
    const around = await observed({ cluster }, async () =>
        pgbenchReport(await cluster.pgbench({
            script,
            seconds,
            clients: 8,
            threads: cores.servers.length,
            cores: cores.servers,
            tenant: population.tenant,
            variables: { rows, tenant: population.tenant },
        })));
    const read = around.found.transactions * statements;
    return {
        rate: around.found.tps * statements,
        cpu_us: (around.load * 1e6) / read,
        pg_cpu_us: (around.pg * 1e6) / read,
    };
}

/// The text of the script: a row of ids, then every document that it names. `columns` of them.
export function pgbenchScript(columns) {
    const reads = Array.from({ length: columns }, (_, i) => `SELECT body FROM documents WHERE tenant_id = :tenant AND document_id = :id${i};`);
    return ['\\set n random(0, :rows - 1)', 'SELECT * FROM peers.ids WHERE n = :n \\gset', ...reads, ''].join('\n');
}
