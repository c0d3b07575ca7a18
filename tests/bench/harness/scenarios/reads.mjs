// Scenarios in which wrk asks ours and its peers the same.
import { judged } from '../judge.mjs';

const one_customer = ({ population }) => `/v1/customers/${population.hot}`;
const page = (size) => () => `/v1/customers?page_size=${size}`;

const same = (path, connections = 64) => ({ population }) => ({ script: 'one', path: path({ population }), connections });
const any = (path, file, connections = 64) => ({ population }) => ({ script: 'any', path, ids: population[file], connections });
const several = (path, connections) => ({ population }) => ({ script: 'several', path, ids: population.ids_file, connections });

const no_cache = { cache_bytes: 0 };

/// cores: of servers and PostgreSQL; settings: of ours; asking: what wrk does; against: the peers, with what ours is held to.
const reads = [
    { name: 'hot_read_1core', cores: 'one', asking: same(one_customer), against: [
        { peer: 'nginx', bar: 0.9, guarded: true }, { peer: 'fastify', bar: 1.5 }, { peer: 'beast' }] },
    { name: 'hot_read_2cores', cores: 'two', asking: same(one_customer), against: [
        { peer: 'nginx', bar: 0.9 }, { peer: 'fastify', bar: 1.5 }, { peer: 'beast' }] },
    { name: 'hot_read_p99', cores: 'one', asking: same(one_customer, 16), against: [{ peer: 'nginx', bar: 1, measure: 'p99' }] },
    { name: 'cold_read', cores: 'two', settings: no_cache, asking: any('/v1/customers/%s', 'ids_file', 128), against: [
        { peer: 'pgbench', bar: 0.75, guarded: true }, { peer: 'fastify_pg', bar: 2.5 }] },
    // So few that both cores are idle now and then: all of them wait for the same answers.
    { name: 'cold_read_64', cores: 'two', settings: no_cache, asking: any('/v1/customers/%s', 'ids_file', 64), against: [
        { peer: 'pgbench' }, { peer: 'fastify_pg' }] },
    { name: 'list_100', cores: 'two', settings: no_cache, asking: same(page(100), 16), against: [{ peer: 'fastify_pg', bar: 2, guarded: true }] },
    { name: 'list_10', cores: 'two', settings: no_cache, asking: same(page(10), 16), against: [{ peer: 'fastify_pg' }] },
    { name: 'overview', cores: 'two', settings: no_cache, asking: any('/v1/customers/%s/overview', 'owners_file', 16), against: [
        { peer: 'fastify_pg' }] },
    { name: 'batch_get_100', cores: 'two', settings: no_cache, asking: several('/v1/customers:batchGet', 16), against: [
        { peer: 'fastify_pg' }] },
];

const fixed = ['nginx', 'fastify', 'beast'];

async function run(stage, { name, cores, settings, asking, against }) {
    const places = stage.layout[cores];
    await stage.pin(places);
    const asked = asking(stage);
    const service = await stage.ours(places, settings);
    const like = against.some(({ peer }) => fixed.includes(peer)) ? await stage.answer(service, asked.path) : undefined;
    const contestants = { ours: stage.asked({ name: 'tributary', port: service.port, pid: service.pid }, asked, places) };
    for (const { peer } of against) {
        contestants[peer] = peer === 'pgbench'
            ? stage.pgbench(places)
            : stage.asked(await stage.peer(peer, places, fixed.includes(peer) ? like : undefined), asked, places);
    }
    const found = await stage.inTurn(contestants);
    return against.map(({ peer, ...how }) => judged({ scenario: name, against: peer, ...how }, found.ours, found[peer]));
}

export const read_scenarios = reads.map((read) => ({
    name: read.name,
    quick: read.against.some(({ guarded }) => guarded),
    /// A quick run of all has no time for peers that guard nothing.
    run: (stage) => run(stage, stage.guarding ? { ...read, against: read.against.filter(({ guarded }) => guarded) } : read),
}));
