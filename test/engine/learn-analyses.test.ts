import {expect, test} from 'vitest';
import {assertLearned, learnAnalyses} from '../../source/engine/worker/read/learn-analyses.ts';

test('a module that cannot be loaded fails files that are read for it, and no others', async () => {
	await learnAnalyses([{name: 'fees', code: {path: '/nowhere/fees.ts', digest: 'd', place: 0}}]);
	expect(() => assertLearned(['sales', 'fees'])).toThrow('/nowhere/fees.ts: there is no such file');
	expect(() => assertLearned('sales')).not.toThrow();
	expect(() => assertLearned(null)).not.toThrow();
});
