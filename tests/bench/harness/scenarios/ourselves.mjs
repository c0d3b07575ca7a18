// Scenarios in which ours is held against itself: asked otherwise, of the past, or on more cores.
import { judged, scaling } from '../judge.mjs';

const contestant = (stage, service, asking, places) =>
    stage.asked({ name: 'tributary', port: service.port, pid: service.pid }, asking, places);

/// A reader that holds the document, against one that does not.
const not_modified = {
    name: 'not_modified',
    quick: true,
    run: async (stage) => {
        const places = stage.layout.one;
        await stage.pin(places);
        const service = await stage.ours(places);
        const path = `/v1/customers/${stage.population.hot}`;
        const { headers } = await stage.answer(service, path);
        const asking = { script: 'one', path, connections: 64 };
        const found = await stage.inTurn({
            held: contestant(stage, service, { ...asking, tag: headers.etag, status: 304 }, places),
            whole: contestant(stage, service, asking, places),
        });
        return [judged({ scenario: 'not_modified', against: 'hot read', bar: 1, guarded: true }, found.held, found.whole)];
    },
};

/// A page of a moment that is over, against one of now.
const as_of = {
    name: 'as_of_100',
    quick: false,
    run: async (stage) => {
        const places = stage.layout.two;
        await stage.pin(places);
        const service = await stage.ours(places, { cache_bytes: 0 });
        const path = '/v1/customers?page_size=100';
        const found = await stage.inTurn({
            past: contestant(stage, service, { script: 'one', path: `${path}&as_of=${stage.population.commit - 1}`, connections: 16 }, places),
            present: contestant(stage, service, { script: 'one', path, connections: 16 }, places),
        });
        return [judged({ scenario: 'as_of_100', against: 'present' }, found.past, found.present)];
    },
};

/// What a second core brings to hot reads, against what it brings to nginx.
const cores_two_over_one = {
    name: 'scaling',
    quick: false,
    run: async (stage) => {
        const asking = { script: 'one', path: `/v1/customers/${stage.population.hot}`, connections: 64 };
        const contestants = {};
        for (const [name, places] of [['one', stage.layout.one], ['two', stage.layout.two]]) {
            const service = await stage.ours(places);
            const like = await stage.answer(service, asking.path);
            contestants[`ours ${name}`] = contestant(stage, service, asking, places);
            contestants[`nginx ${name}`] = stage.asked(await stage.peer('nginx', places, like), asking, places);
        }
        await stage.pin(stage.layout.two);
        const found = await stage.inTurn(contestants);
        const of = (name) => judged({ scenario: 'scaling', against: 'nginx' }, found[`ours ${name}`], found[`nginx ${name}`]);
        return [scaling(of('one'), of('two'), 0.9)];
    },
};

export const own_scenarios = [not_modified, as_of, cores_two_over_one];
