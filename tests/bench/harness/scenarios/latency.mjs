// Reported without a bar: requests that come at a fixed rate, which a loop of requests and answers hides, and TLS.
import { fixedRate } from '../fixed_rate.mjs';
import { judged } from '../judge.mjs';
import { startTerminator } from '../peers.mjs';
import { median } from '../statistics.mjs';

const rate = 5000;

const fixed_rate = {
    name: 'fixed_rate',
    quick: false,
    run: async (stage) => {
        const places = stage.layout.one;
        await stage.pin(places);
        const service = await stage.ours(places);
        const path = `/v1/customers/${stage.population.hot}`;
        const nginx = await stage.peer('nginx', places, await stage.answer(service, path));
        const asked = ({ port }) => async (seconds) => fixedRate({ port, path, key: stage.population.key, rate, seconds });
        const found = await stage.inTurn({ ours: asked(service), nginx: asked(nginx) });
        const of = (name, figure) => median(found[name].map((round) => round[figure]));
        return [{
            scenario: 'fixed_rate', against: 'nginx', unit: 'ms p99', ours: of('ours', 'p99'), peer: of('nginx', 'p99'),
            ratio: of('ours', 'p99') / of('nginx', 'p99'), at_most: true, remark: `${rate} requests a second`,
            p50_ms: of('ours', 'p50'), p99_ms: of('ours', 'p99'), peer_p50_ms: of('nginx', 'p50'), peer_p99_ms: of('nginx', 'p99'),
        }];
    },
};

/// The service leaves TLS to what stands before it: here nginx, before ours and before another nginx.
const tls = {
    name: 'tls',
    quick: false,
    run: async (stage) => {
        const places = stage.layout.two;
        await stage.pin(places);
        const service = await stage.ours(places);
        const path = `/v1/customers/${stage.population.hot}`;
        const nginx = await stage.peer('nginx', places, await stage.answer(service, path));
        const asked = async (name, port) => {
            const before = await startTerminator({ ...stage, cores: places, behind: { name, port } });
            return { before, round: stage.asked(before, { script: 'one', path, connections: 64 }, places) };
        };
        const ours = await asked('ours', service.port);
        const theirs = await asked('nginx', nginx.port);
        const found = await stage.inTurn({ ours: ours.round, nginx: theirs.round });
        for (const { before } of [ours, theirs]) await before.running.stop('SIGQUIT');
        return [{ ...judged({ scenario: 'tls', against: 'nginx' }, found.ours, found.nginx), remark: 'nginx ends TLS before both; its own CPU' }];
    },
};

export const latency_scenarios = [fixed_rate, tls];
