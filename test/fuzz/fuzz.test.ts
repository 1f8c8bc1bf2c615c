import {expect, test} from 'vitest';
import {randomSeeds} from '../helpers/random-cases.ts';
import {faultOf} from './damaged-file.ts';

test('damaged files are read in the same way by both readers', async () => {
	for (const seed of randomSeeds(60)) expect(await faultOf(seed), `seed ${seed}`).toBeNull();
});
