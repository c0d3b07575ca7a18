// From the rounds of contestants to the verdict that somebody reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alone, judged, scaling } from './judge.mjs';
import { median, percentile, spread } from './statistics.mjs';
import { jsonOf, tableOf } from './table.mjs';

const rounds = (...rates) => rates.map((rate) => ({ rate, p50: 1, p99: 2, cpu_us: 7, pg_cpu_us: 0, rss: 30 }));

test('median of an even number of values is the mean of the two in the middle', () => {
    assert.equal(median([4, 1, 3, 100]), 3.5);
    assert.equal(median([]), undefined);
});

test('percentile is a value that was seen', () => assert.equal(percentile([5, 1, 2, 3, 4], 99), 5));

test('spread is a part of the middle', () => assert.equal(spread([90, 100, 110]), 0.2));

test('a rate at its bar is met, and one below it is missed', () => {
    const how = { scenario: 'hot', against: 'nginx', bar: 0.9 };
    assert.equal(judged(how, rounds(90, 90, 90), rounds(100, 100, 100)).met, true);
    assert.equal(judged(how, rounds(89, 89, 89), rounds(100, 100, 100)).met, false);
});

test('a ratio is the middle of the ratios of rounds taken in turn, so that one bad round decides nothing', () => {
    assert.equal(judged({ scenario: 'hot', against: 'nginx', bar: 0.9 }, rounds(100, 10, 100), rounds(100, 100, 100)).ratio, 1);
});

test('a latency is held against twice the peer and 0.2 ms', () => {
    const ours = [{ rate: 1, p99: 2.2 }];
    assert.equal(judged({ scenario: 'p99', measure: 'p99', bar: 1 }, ours, [{ rate: 1, p99: 1 }]).met, true);
    assert.equal(judged({ scenario: 'p99', measure: 'p99', bar: 1 }, ours, [{ rate: 1, p99: 0.99 }]).met, false);
});

test('rounds that lie far apart are told', () => {
    assert.equal(judged({ scenario: 'hot' }, rounds(100, 120, 100), rounds(100, 100, 100)).noisy, true);
    assert.equal(judged({ scenario: 'hot' }, rounds(100, 104, 100), rounds(100, 100, 100)).noisy, false);
});

test('a figure without a bar is neither met nor missed', () => {
    assert.equal(judged({ scenario: 'overview' }, rounds(1), rounds(100)).met, undefined);
    assert.equal(alone({ scenario: 'binary_size', unit: 'MiB', ours: 9 }).met, undefined);
});

test('a figure of its own is held against what it may be at most', () => {
    assert.equal(alone({ scenario: 'start_up', unit: 'ms', ours: 300, bar: 300 }).met, true);
    assert.equal(alone({ scenario: 'start_up', unit: 'ms', ours: 301, bar: 300 }).met, false);
});

test('scaling is our gain by the gain of the peer', () => {
    const row = scaling({ ours: 100, peer: 200 }, { ours: 180, peer: 400 }, 0.9);
    assert.equal(row.ratio, 0.9);
    assert.equal(row.met, true);
});

test('the table says a missed bar in capitals, and has as many cells in each line', () => {
    const lines = tableOf([judged({ scenario: 'hot', against: 'nginx', bar: 0.9 }, rounds(1), rounds(100))]).split('\n');
    assert.match(lines[2], /MISSED/);
    assert.equal(new Set(lines.map((line) => line.split('|').length)).size, 1);
});

test('JSON has null for what is not there', () => {
    const [row] = JSON.parse(jsonOf([alone({ scenario: 'binary_size', unit: 'MiB', ours: 9 })]));
    assert.deepEqual([row.scenario, row.ours, row.peer, row.ratio, row.bar, row.met], ['binary_size', 9, null, null, null, null]);
});
