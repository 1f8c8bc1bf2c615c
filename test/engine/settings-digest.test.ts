// What names the settings that results depend on.
import {expect, test} from 'vitest';
import {digestOfReading, digestOfSettings} from '../../source/engine/settings-digest.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

const digestWith = (changes: Partial<ReadSettings>): string | null => digestOfSettings({...readDefaults, ...changes});
const usual = digestWith({});

test.each<Partial<ReadSettings>>([
	{analysis: 'profile'},
	{where: 'amount > 1'},
	{map: {amount: 'Betrag'}},
	{maxErrors: 5},
	{fillsMissing: true},
	{hash: 'sha256'},
	{limits: {...readDefaults.limits, maxColumns: 7}},
])('%j is another way to read', changes => {
	expect(digestWith(changes)).not.toBe(usual);
});

test.each<Partial<ReadSettings>>([
	{chunkBytes: 7, reader: 'reference', splitBytes: 1, rangeBytes: 2, simulateIoMs: 3},
	{hash: 'xxh3', hashesOnly: true, keepsFiles: true, postsEachChunk: true},
])('%j is the same way to read', changes => {
	expect(digestWith(changes)).toBe(usual);
});

test('names that something is said of are different ways to read', () => {
	const rule = (name: RegExp): string | null =>
		digestWith({dialectRules: [{name, dialect: {delimiter: ';'}, nullText: null, forms: {}}]});
	expect(rule(/^a$/)).not.toBe(rule(/^b$/));
	expect(rule(/^a$/)).toBe(rule(/^a$/));
});

test('own functions may depend on anything, where they are asked for', () => {
	const registered = [{name: 'own', code: {path: 'own.ts', exportName: 'default', digest: ''} as never}];
	expect(digestWith({registered})).toBe(usual);
	expect(digestWith({registered, analysis: 'own'})).toBeNull();
	expect(digestWith({registered, analysis: ['transactions', 'own']})).toBeNull();
});

test('runs are compared as far as figures go: by any hash, and with own functions', () => {
	const reading = (changes: Partial<ReadSettings>): string => digestOfReading({...readDefaults, ...changes});
	expect(reading({hash: 'sha256', chunkBytes: 7})).toBe(reading({}));
	expect(reading({where: 'amount > 1'})).not.toBe(reading({}));
	expect(reading({limits: {...readDefaults.limits, maxColumns: 7}})).not.toBe(reading({}));
	const withCode = (digest: string) => ({
		...{analysis: 'own', registered: [{name: 'own', code: {path: 'own.ts', exportName: 'default', digest} as never}]},
	});
	expect(reading(withCode('a'))).not.toBe(reading(withCode('b')));
});
