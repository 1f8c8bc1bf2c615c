// Partials that were stored by any version are read for ever: fixtures/partials has some of each, and what they come to.
import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {decodePartial, encodePartial, nameOfPartial} from '../../source/analysis/partial/partial.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';

const root = 'fixtures/partials';
const stored = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter(name => name.endsWith('.bin'));
const declarations = {sales, transactions};

test.each(stored)('%s comes to what it came to when it was stored', name => {
	const bytes = readFileSync(`${root}/${name}`);
	const declaration = declarations[nameOfPartial(bytes) as keyof typeof declarations];
	const state = decodePartial(bytes, layOutStates(declaration));
	const result = readFileSync(`${root}/${name.replace(/bin$/, 'json')}`, 'utf8');
	expect(`${JSON.stringify(finishState(state), null, '\t')}\n`).toBe(result);
	expect(Buffer.compare(encodePartial(state), bytes)).toBe(0);
});

test('there are some', () => {
	expect(stored.length).toBeGreaterThanOrEqual(6);
});
