import {expect, onTestFinished, test} from 'vitest';
import {Passwords} from '../../source/server/passwords.ts';

/** Of no password, and compared with one in no time. */
const CHEAP_HASH = `scrypt$2$1$1$$${Buffer.alloc(32).toString('base64')}`;

test('who sends many passwords at once waits for them, others from elsewhere for one of them only, and there is an end to it', async () => {
	const passwords = new Passwords();
	onTestFinished(() => passwords.close());
	const order: string[] = [];
	const ask = async (place: string): Promise<void> => {
		await passwords.verify('x', CHEAP_HASH, place);
		order.push(place);
	};
	const flood = Array.from({length: 200}, () => ask('flood'));
	const settled = Promise.allSettled(flood);
	await ask('home');
	// The first of the flood was under way already.
	expect(order).toEqual(['flood', 'flood', 'home']);
	// That one, and those that may wait.
	expect((await settled).filter(({status}) => status === 'fulfilled')).toHaveLength(65);
	await ask('flood');
});
