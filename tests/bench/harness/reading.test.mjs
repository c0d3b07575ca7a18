// What is read of command lines, of the machine, and of what wrk, pgbench and /proc say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Misuse, parsedArguments } from './arguments.mjs';
import { coresOf, layout } from './cores.mjs';
import { pgbenchReport, pgbenchScript, wrkReport } from './load.mjs';
import { fitsNginx } from './peers.mjs';
import { populationName } from './population.mjs';
import { kibibytes, statOf, tree } from './proc.mjs';
import { configuration } from './service.mjs';

test('scenarios and options may come in any order', () => {
    const asked = parsedArguments(['--json', 'f', 'hot', '--quick'], ['hot', 'cold']);
    assert.deepEqual(asked, { quick: true, accept: false, json: 'f', scenarios: ['hot'] });
});

for (const words of [['warm'], ['--warm'], ['--json'], ['--json', '--quick'], ['--json', '/nowhere/f'], ['--json', '/dev/null/f'], ['--json', '/'], ['--accept'], ['--quick', '--accept', 'hot']]) {
    test(`${words.join(' ')} is refused`, () => assert.throws(() => parsedArguments(words, ['hot', 'cold']), Misuse));
}

test('lists of cores are read', () => assert.deepEqual(coresOf('0-2,5'), [0, 1, 2, 5]));

test('servers and load have cores of their own where there are four, and share where there are fewer', () => {
    assert.deepEqual(layout([0, 1, 2, 3]), { enough: true, one: [0], two: [0, 1], load: [2, 3] });
    assert.equal(layout([0, 1]).enough, false);
});

test("wrk's line is read, and its absence is an error", () => {
    const line = 'wrk {"requests":10,"duration_us":2000000,"bytes":5,"p50_us":1500,"p99_us":2500,"refused":1,"broken":0}';
    assert.deepEqual(wrkReport(`Running\n${line}\n`), { requests: 10, seconds: 2, p50: 1.5, p99: 2.5, refused: 1, broken: 0 });
    assert.throws(() => wrkReport('unable to connect'));
});

test('pgbench is read without the time it took to connect', () => {
    const output = 'number of transactions actually processed: 120\ntps = 60.5 (without initial connection time)\n';
    assert.deepEqual(pgbenchReport(output), { transactions: 120, tps: 60.5 });
});

test('the script of pgbench reads as many documents as a row names', () => {
    assert.equal(pgbenchScript(3).match(/SELECT body/g).length, 3);
});

test('a process is known by what stands behind the last bracket of its name', () => {
    const text = `7 (a) b) S 3 ${Array.from({ length: 20 }, (_, i) => i * 100).join(' ')}`;
    assert.deepEqual(statOf(text), { parent: 3, own: 9 + 10, waited: 11 + 12 });
});

test('the tree of a process has its children and their children, and nobody else', () => {
    const stat = (parent) => ({ parent, own: 0, waited: 0 });
    const all = new Map([[1, stat(0)], [2, stat(1)], [3, stat(2)], [4, stat(9)]]);
    assert.deepEqual([...tree(1, all).keys()], [1, 2, 3]);
});

test('memory is read in KiB', () => assert.equal(kibibytes('VmPeak:\t  9 kB\nVmRSS:\t  1234 kB\n', 'VmRSS'), 1234));

test('a body with what nginx would expand is not given to it', () => {
    assert.equal(fitsNginx('{"a":1}'), true);
    assert.equal(fitsNginx('{"a":"$host"}'), false);
});

test('a population of another size or another schema is another', () => {
    const name = populationName({ people: 1, groups: 1 }, ['CREATE']);
    assert.notEqual(name, populationName({ people: 1, groups: 1 }, ['CREATE', 'ALTER']));
    assert.notEqual(name, populationName({ people: 1, groups: 2 }, ['CREATE']));
});

test('the cache of the service is its own default unless said', () => {
    const settings = { port: 1, admin_port: 2, url: 'u', key_file: 'k', threads: 1, syncs: false };
    assert.doesNotMatch(configuration(settings), /\[cache\]/);
    assert.match(configuration({ ...settings, cache_bytes: 0 }), /\[cache\]\nbytes = 0/);
});
