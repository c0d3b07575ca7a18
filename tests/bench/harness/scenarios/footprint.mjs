// What Tributary takes without anybody asking for much: memory, the program's size, its start, and rest.
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { alone } from '../judge.mjs';
import { processorSeconds, residentMebibytes } from '../proc.mjs';
import { Service } from '../service.mjs';
import { median } from '../statistics.mjs';
import { readOnce } from '../walk.mjs';

const mebibyte = 1024 * 1024;

/// Every customer read once through a cache that holds them all.
const memory = {
    name: 'memory',
    quick: false,
    run: async (stage) => {
        const cores = stage.layout.two;
        await stage.pin(cores);
        const service = await stage.ours(cores, { cache_bytes: 4096 * mebibyte });
        await readOnce(service.port, stage.population.ids(), stage.population.key);
        const cached = (await service.metric('tributary_cache_bytes')) / mebibyte;
        const documents = await service.metric('tributary_cache_documents');
        const bar = 1.3 * cached + 60;
        return [alone({
            scenario: 'memory', unit: 'MiB', ours: residentMebibytes(service.pid), bar,
            remark: `${documents} documents, ${cached.toFixed(0)} MiB cached; at most 1.3 of that and 60 MiB`,
        })];
    },
};

async function started(stage) {
    const service = new Service(stage.processes, stage.places.tributary, stage.places.run);
    const took_ms = await service.start({ ...stage.database, cores: stage.layout.two, name: 'start', threads: 2 });
    return { service, took_ms };
}

const start_up = {
    name: 'start_up',
    quick: false,
    run: async (stage) => {
        await stage.pin(stage.layout.two);
        const took = [];
        const resident = [];
        for (let i = 0; i < 5; i += 1) {
            const { service, took_ms } = await started(stage);
            took.push(took_ms);
            resident.push(residentMebibytes(service.pid));
            await service.stop();
        }
        return [
            alone({ scenario: 'start_up', unit: 'ms', ours: median(took), bar: 300, remark: 'until /readyz says yes' }),
            alone({ scenario: 'resident_idle', unit: 'MiB', ours: median(resident) }),
        ];
    },
};

const binary_size = {
    name: 'binary_size',
    quick: false,
    run: async (stage) => {
        const bare = `${stage.places.run}/tributary-stripped`;
        copyFileSync(stage.places.tributary, bare);
        await stage.processes.run({ name: 'strip', argv: ['strip', bare] });
        const bytes = statSync(bare).size;
        rmSync(bare);
        return [alone({ scenario: 'binary_size', unit: 'MiB', ours: bytes / mebibyte, remark: 'stripped; shared libraries of Debian besides' })];
    },
};

const rest_seconds = 20;

/// Ten thousand connections are scheduled, and none is due.
const at_rest = {
    name: 'at_rest',
    quick: false,
    run: async (stage) => {
        const cores = stage.layout.two;
        await stage.pin(cores);
        await stage.cluster.sql("UPDATE due_queue SET due_at = now() + interval '1 day'; VACUUM (ANALYZE) due_queue;", { database: 'resting' });
        const service = new Service(stage.processes, stage.places.tributary, stage.places.run);
        await service.start({ ...stage.database, database: 'resting', syncs: true, cores, name: 'resting', threads: cores.length });
        await sleep(3000);
        const before = { ours: processorSeconds(service.pid), pg: processorSeconds(stage.cluster.pid) };
        await sleep(rest_seconds * 1000);
        const share = (now, then) => ((now - then) * 100) / rest_seconds;
        const ours = share(processorSeconds(service.pid), before.ours);
        const pg = share(processorSeconds(stage.cluster.pid), before.pg);
        await service.stop();
        return [alone({
            scenario: 'at_rest', unit: '% of a core', ours, bar: 1,
            remark: `10,000 connections scheduled; PostgreSQL besides ${pg.toFixed(2)} %`,
        })];
    },
};

export const footprint_scenarios = [memory, start_up, binary_size, at_rest];
