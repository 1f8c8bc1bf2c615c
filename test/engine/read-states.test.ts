import fc from 'fast-check';
import {expect, test} from 'vitest';
import {ReadStates} from '../../source/engine/run/read-states.ts';
import {identityOf} from '../../source/engine/shared/file-state.ts';

const number = fc.double({noNaN: true});
const state = fc.record({dev: number, ino: number, size: number, mtimeMs: number, ctimeMs: number});

test('the identity of each state is what it was when it was kept, however many others there are', () => {
	fc.assert(
		fc.property(fc.array(state, {maxLength: 300, size: 'max'}), states => {
			const readStates = new ReadStates();
			const numbers = states.map(each => readStates.keep(each));
			expect(numbers.map(each => readStates.identityOf(each))).toEqual(states.map(identityOf));
			expect([readStates.identityOf('1:2:3'), readStates.identityOf(null)]).toEqual(['1:2:3', null]);
		}),
	);
});
