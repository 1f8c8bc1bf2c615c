import {expect, test} from 'vitest';
import {faultOf} from './damaged-file.ts';

test('damaged files are read in the same way by both readers', async () => {
	for (let seed = 1; seed <= 300; seed++) expect(await faultOf(seed), `seed ${seed}`).toBeNull();
});
