// What a quick run calls a regression.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratiosOf, regressions, unmatched } from './baseline.mjs';

const row = (ratio, more = {}) => ({ scenario: 'hot', against: 'nginx', ratio, guarded: true, ...more });

test('a ratio that fell by more than a fifth is a regression', () => {
    assert.equal(regressions([row(0.79)], { 'hot nginx': 1 }).length, 1);
    assert.equal(regressions([row(0.81)], { 'hot nginx': 1 }).length, 0);
});

test('a ratio that may be at most so much is a regression where it rises', () => {
    assert.equal(regressions([row(1.21, { at_most: true })], { 'hot nginx': 1 }).length, 1);
    assert.equal(regressions([row(0.5, { at_most: true })], { 'hot nginx': 1 }).length, 0);
});

test('what is not guarded or not in the baseline is no regression', () => {
    assert.deepEqual(regressions([row(0.1, { guarded: false }), row(0.1, { scenario: 'new' })], { 'hot nginx': 1 }), []);
});

test('what only the run or only the baseline has is not compared', () => {
    assert.deepEqual(unmatched([row(1), row(1, { scenario: 'new' })], { 'hot nginx': 1, 'gone nginx': 1 }), ['new nginx', 'gone nginx']);
    assert.deepEqual(unmatched([row(1)], { 'hot nginx': 1 }), []);
});

test('only guarded ratios are kept', () => {
    assert.deepEqual(ratiosOf([row(0.98765), row(1, { scenario: 'other', guarded: false })]), { 'hot nginx': 0.988 });
});
