import {expect, test} from 'vitest';
import {DeadInstances} from '../../../source/ledger/shared/dead-instances.ts';

const openAt = (clock: {now: number}) => new DeadInstances({validMs: 15_000, now: () => clock.now});

test('one that is new is not taken for dead by a list from before it came', () => {
	const clock = {now: 10_000};
	const dead = openAt(clock);
	expect(dead.isDead('new', 'task')).toBe(false);
	dead.take(['own'], 10_000);
	clock.now = 11_000;
	// What it does is here before a list has it, and stays so however often that is asked.
	for (let asked = 0; asked < 3; asked++) expect(dead.isDead('new', 'task')).toBe(false);
	// It was on its way when the other was seen.
	dead.take(['own'], 10_900);
	expect(dead.isDead('new', 'task')).toBe(false);
	dead.take(['own', 'new'], 12_000);
	expect(dead.isDead('new', 'task')).toBe(false);
});

test('one that is in no list from after its work was seen has died, for that work', () => {
	const clock = {now: 10_000};
	const dead = openAt(clock);
	dead.take(['own'], 10_000);
	clock.now = 11_000;
	expect(dead.isDead('gone', 'task')).toBe(false);
	dead.take(['own'], 13_000);
	clock.now = 13_500;
	expect(dead.isDead('gone', 'task')).toBe(true);
	// It has woken, and begun something else.
	expect(dead.isDead('gone', 'other task')).toBe(false);
});

test('a list that was asked for long ago says nothing, however late it came', () => {
	const clock = {now: 0};
	const dead = openAt(clock);
	dead.take(['own'], 0);
	dead.isDead('gone', 'task');
	// As in a process that was frozen while it asked.
	clock.now = 60_000;
	dead.take(['own'], 10_000);
	expect(dead.isDead('gone', 'task')).toBe(false);
	dead.take(['own'], 60_000);
	expect(dead.isDead('gone', 'task')).toBe(true);
});
