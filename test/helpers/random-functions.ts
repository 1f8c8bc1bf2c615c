// Functions of any analyses: each gives the same for the same record, and something odd now and then.
import type {AnyRecord} from '../../source/analysis/declaration.ts';
import type {ComputedProgram, FunctionsProgram, Lane} from '../../source/analysis/program.ts';
import type {Dice} from './large-tables.ts';

type ComputedLane = Extract<Lane, {kind: 'computed'}>;

/** Lanes for what an analysis computes. */
export const computedLanes = (dice: Dice, analysis: number): ComputedLane[] =>
	Array.from({length: dice.roll(5)}, (_, index) => {
		const is = dice.pick(['number', 'number', 'text', 'text', 'date'] as const);
		const decimals = is === 'number' ? dice.pick([0, 2, 2, 6, 18]) : 0;
		return {kind: 'computed', is, decimals, of: `${analysis}.${index}`};
	});

/** @param own - The places of what it computes. */
export function anyFunctions(dice: Dice, lanes: readonly Lane[], own: readonly number[]): FunctionsProgram {
	const inputs = lanes.flatMap(({kind}, lane) =>
		['number', 'date', 'timestamp', 'text', 'absent'].includes(kind) && !dice.isOneIn(3)
			? [{name: `lane${lane}`, lane}]
			: [],
	);
	const names = inputs.map(({name}) => name);
	const computed = own.map((lane): ComputedProgram => {
		const {is, decimals, of} = lanes[lane] as ComputedLane;
		const js = functions[is as 'text'](dice, names) as ComputedProgram['js'];
		return {path: `derive.${of}`, lane, is, decimals, js};
	});
	const rarity = dice.pick([2, 5, 100]);
	const accept = (record: AnyRecord): string | true =>
		hashOf(record, names) % rarity === 0 ? `not this one, für ${names.join()}` : true;
	const [divisor, remainder] = [dice.pick([2, 2, 3, 100]), dice.roll(2)];
	const where = (record: AnyRecord): boolean => (hashOf(record, names) % divisor === 0) === (remainder === 0);
	return {inputs, where: dice.isOneIn(2) ? where : undefined, accept: dice.isOneIn(3) ? accept : undefined, computed};
}

const hashOf = (record: AnyRecord, names: readonly string[]): number => {
	let hash = 7;
	for (const name of names)
		for (const unit of String(record[name]).slice(0, 40)) hash = (hash * 31 + (unit.codePointAt(0) ?? 0)) % 65_537;
	return hash;
};
const numberOf = (record: AnyRecord, name: string | undefined): number | null => {
	const value = name === undefined ? null : record[name];
	return typeof value === 'number' && Math.abs(value) < 1e10 ? value : null;
};

type Make = (dice: Dice, names: readonly string[]) => (record: AnyRecord) => unknown;

const functions: Readonly<Record<'number' | 'text' | 'date', Make>> = {
	number(dice, names) {
		const [name, ...others] = names.length === 0 ? [] : [dice.pick(names), dice.pick(names)];
		const factor = dice.pick([0.5, 1, 1 / 3, 1e9, -0.001]);
		const way = dice.roll(5);
		return record => {
			const number = numberOf(record, name);
			if (way === 0) return number === null ? null : number * factor;
			if (way === 1) return (number ?? 0) * factor + (numberOf(record, others[0]) ?? 0);
			const hash = hashOf(record, names);
			if (way === 2) return hash % 3 === 0 ? null : `${hash}.12${hash % 10}5`;
			if (way === 3) return hash % 50 === 0 ? 10n ** 15n * BigInt(hash) : hash / 8;
			return hash % 2 === 0 ? hash * 2 ** 30 : -hash;
		};
	},
	text(dice, names) {
		const [different, repeated] = [dice.pick([1, 5, 3000]), dice.pick([0, 0, 1, 20, 3000])];
		const begin = dice.pick(['', '', '"', 'ü€', '\n', ',']);
		const name = names.length === 0 ? '' : dice.pick(names);
		return record => {
			const hash = hashOf(record, names);
			if (hash % 11 === 0) return hash % 2 === 0 ? null : '';
			if (hash % 13 === 0) return String(record[name]);
			return `${begin}${hash % different}${'x'.repeat(hash % 7 === 0 ? repeated : 0)}`;
		};
	},
	date(_, names) {
		return record => {
			const hash = hashOf(record, names);
			if (hash % 5 === 0) return null;
			const day = `${1900 + (hash % 200)}-0${1 + (hash % 9)}-1${hash % 10}`;
			return hash % 2 === 0 ? day : new Date(`${day}T23:59:59Z`);
		};
	},
};
