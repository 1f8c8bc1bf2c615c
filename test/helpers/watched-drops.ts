// Files for a watched folder, of many kinds, and the ways in which programs put them there.
import {existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {appendFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {HEADER, WITHOUT_AMOUNT} from './command.ts';
import type {Dice} from './large-tables.ts';
import type {Drop} from './watched-account.ts';

/** How a file comes: at once, by a name that is left alone until it is whole, or in pieces, where only its coming to rest protects it. */
export const WAYS_IN = ['move', 'part', 'dotfile', 'link', 'copy', 'pieces'] as const;
export type WayIn = (typeof WAYS_IN)[number];

const inInbox = (root: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${root}/unprocessed/`), name]);

/** @param staging - A folder on the same file system, of the one who drops. */
export async function dropFile(root: string, staging: string, {name, body}: Drop, way: WayIn): Promise<void> {
	const target = inInbox(root, name);
	mkdirSync(staging, {recursive: true});
	const own = Buffer.from(`${staging}/own`);
	// What was linked into the inbox is not this one's any more.
	rmSync(own, {force: true});
	switch (way) {
		case 'move':
			writeFileSync(own, body);
			renameSync(own, target);
			break;
		case 'link':
			writeFileSync(own, body);
			linkSync(own, target);
			break;
		case 'part':
		case 'dotfile': {
			const hidden = way === 'part' ? [name, Buffer.from('.part')] : [Buffer.from('.'), name, Buffer.from('.x1Y2z3')];
			const path = inInbox(root, Buffer.concat(hidden));
			writeFileSync(path, body);
			renameSync(path, target);
			break;
		}
		case 'copy':
			writeFileSync(target, body);
			break;
		case 'pieces': {
			const middle = body.length >> 1;
			writeFileSync(target, body.subarray(0, middle));
			await wait(20);
			await appendFile(target, body.subarray(middle));
		}
	}
}

/** Files of good and bad records, of content and names that came before, and some that fail. */
export class DropMaker {
	readonly #dice: Dice;
	readonly #root: string;
	readonly drops: Drop[] = [];

	constructor(root: string, dice: Dice) {
		this.#root = root;
		this.#dice = dice;
	}

	/** Its name is not in the inbox now, so that it replaces nothing. */
	next(): Drop {
		const dice = this.#dice;
		const number = this.drops.length;
		const before = number === 0 ? null : dice.pick(this.drops);
		const names = [
			before !== null && dice.isOneIn(6) ? before.name : null,
			this.#name(number),
			Buffer.from(`${number}.csv`),
		];
		const name =
			names.find(each => each !== null && !existsSync(inInbox(this.#root, each))) ?? Buffer.from(`x${number}.csv`);
		const drop = {name, body: before !== null && dice.isOneIn(6) ? before.body : this.#body(number)};
		this.drops.push(drop);
		return drop;
	}

	/** The ending is always the same: what a name ends with may be read in another way. */
	#name(number: number): Buffer {
		const dice = this.#dice;
		const odd = dice.isOneIn(4)
			? dice.pick(['\xff\xfe', ' \n\t', '-rf', '\x1b[31m', 'é'.repeat(100), '__', '%s"\''])
			: '';
		return Buffer.from(`${odd}${number}.csv`, odd.startsWith('\xff') ? 'latin1' : 'utf8');
	}

	#body(number: number): Buffer {
		const dice = this.#dice;
		if (dice.isOneIn(10)) return Buffer.from(`${WITHOUT_AMOUNT}T${number},C1,1.50,2024-01-01,food\n`);
		const rows = dice.isOneIn(12) ? 4000 : 1 + dice.roll(80);
		const lines = [HEADER];
		for (let row = 0; row < rows; row++) {
			const amount = dice.isOneIn(20) ? 'x' : `${dice.roll(100)}.${dice.digits(2)}`;
			lines.push(
				`T${number}-${row},C${dice.roll(9)},${amount},2024-01-0${1 + dice.roll(9)},${dice.pick(['food', 'rent', 'fun'])}`,
			);
		}
		return Buffer.from(`${lines.join('\n')}\n`);
	}
}
