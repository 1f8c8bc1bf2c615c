// Laws of turns: no account is passed over for one that has more, and none waits for ever.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Turns} from '../../source/server/turns.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

interface Task {
	readonly account: string;
	readonly number: number;
}

/** What happens one after the other: an account asks for something, or something that runs ends. */
const steps = fc.array(
	fc.oneof(
		fc.record({type: fc.constant('ask' as const), account: fc.constantFrom('ann', 'ben', 'cid', 'dan')}),
		fc.record({type: fc.constant('end' as const), place: fc.nat({max: 20})}),
	),
	{maxLength: 120},
);

interface Served {
	readonly task: Task;
	readonly waiting: readonly Task[];
	readonly running: readonly Task[];
}

/** Everything that was served, with what waited and ran at that time. */
function serve(slots: number, happening: readonly ({type: 'ask'; account: string} | {type: 'end'; place: number})[]) {
	const turns = new Turns();
	const served: Served[] = [];
	let [waiting, running]: [readonly Task[], readonly Task[]] = [[], []];
	happening.forEach((step, number) => {
		if (step.type === 'ask') waiting = [...waiting, {account: step.account, number}];
		else running = running.filter((_, index) => index !== step.place % Math.max(1, running.length));
		while (running.length < slots) {
			const task = turns.next(waiting, running);
			if (task === undefined) break;
			served.push({task, waiting, running});
			waiting = waiting.filter(each => each !== task);
			running = [...running, task];
		}
	});
	return {served, waiting, running};
}

const parameters = {numRuns: randomCases(300), seed: randomSeed};
const countOf = (tasks: readonly Task[], account: string): number =>
	tasks.filter(task => task.account === account).length;

test('who is served has no more running than anybody who waits, and gets the oldest of their own', () => {
	fc.assert(
		fc.property(fc.integer({min: 1, max: 5}), steps, (slots, happening) => {
			for (const {task, waiting, running} of serve(slots, happening).served) {
				const least = Math.min(...waiting.map(({account}) => countOf(running, account)));
				expect(countOf(running, task.account)).toBe(least);
				expect(waiting.find(({account}) => account === task.account)).toBe(task);
			}
		}),
		parameters,
	);
});

test('while somebody waits, nobody else is served twice in front of them, where one runs at a time', () => {
	fc.assert(
		fc.property(steps, happening => {
			const passed = new Map<string, string[]>();
			for (const {task, waiting} of serve(1, happening).served) {
				passed.delete(task.account);
				for (const account of new Set(waiting.map(each => each.account))) {
					if (account === task.account) continue;
					const others = passed.get(account) ?? [];
					expect(others, `${account} waits`).not.toContain(task.account);
					passed.set(account, [...others, task.account]);
				}
			}
		}),
		parameters,
	);
});

test('nothing is lost or served twice, and no slot is free while somebody waits', () => {
	fc.assert(
		fc.property(fc.integer({min: 1, max: 5}), steps, (slots, happening) => {
			const {served, waiting, running} = serve(slots, happening);
			const all = [...served.map(({task}) => task.number), ...waiting.map(({number}) => number)];
			const asked = happening.flatMap(({type}, number) => (type === 'ask' ? [number] : []));
			expect(all.toSorted((one, other) => one - other)).toEqual(asked);
			if (waiting.length > 0) expect(running).toHaveLength(slots);
		}),
		parameters,
	);
});

test('nobody waits: nobody is served', () => {
	expect(new Turns().next([], [{account: 'ann'}])).toBeUndefined();
});
