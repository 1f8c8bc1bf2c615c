// Columns in other forms than the plain one, whose cells are written in one of some ways each: the kernel makes the same of them as the reference,
// and notes the same, though it asks only about the first cells of a kind.
import {expect, test} from 'vitest';
import {profile} from '../../source/analysis/builtin/profile.ts';
import type {CellForm} from '../../source/analysis/forms/forms.ts';
import {withForms} from '../../source/analysis/forms/with-forms.ts';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {seedOf} from '../../source/analysis/position-sample.ts';
import {compileProgram} from '../../source/analysis/program.ts';
import {stateOfFigures} from '../../source/analysis/state.ts';
import {defaultCaps, layOutStates} from '../../source/analysis/state-layout.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {readProgramByReference} from '../helpers/figures-of-programs.ts';
import {specBounds} from '../helpers/kernel-specs.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';

const forms: readonly CellForm[] = [
	{number: {mark: ',', isPercent: false}},
	{number: {mark: '.', isPercent: false}},
	{number: {mark: ',', isPercent: true}},
	{number: {mark: ',', isPercent: false, group: '.'}},
	{number: {mark: '.', isPercent: false, group: "'"}},
	{date: 'day-first'},
	{date: 'month-first'},
	{date: 'named'},
	{date: 'serial'},
];

const affixes = [
	'',
	'',
	'',
	'-',
	'+',
	'(',
	'$',
	'-$',
	'$-',
	'\xe2\x82\xac',
	'\x80 ',
	'EUR ',
	'kr ',
	'Fr.',
	'C$',
	'x',
	' ',
	'0',
];
const endings = [
	'',
	'',
	'',
	'%',
	' %',
	' \xe2\x82\xac',
	' EUR',
	')',
	'-',
	' CR',
	' DR',
	'.',
	',',
	'e3',
	' kg',
	' ',
	'\xc2\xa0$',
];
const groupSigns = ['.', ',', ' ', "'", '\xa0'];

function numeral(dice: Dice): string {
	const whole = dice.digits(1 + dice.roll(dice.pick([2, 4, 17])));
	const decimals = dice.pick(['', dice.digits(1 + dice.roll(4)), dice.digits(2)]);
	const end = decimals === '' ? '' : dice.pick(['.', ',']) + decimals;
	if (dice.isOneIn(2)) return whole + end;
	const groups = Array.from({length: 1 + dice.roll(3)}, () => dice.digits(dice.isOneIn(20) ? 2 : 3));
	return whole.slice(0, 1 + dice.roll(4)) + groups.map(each => dice.pick(groupSigns) + each).join('') + end;
}

/** Groups with one sign, and a decimal mark that is another one: what columns mostly have. */
function usualNumeral(dice: Dice, group: string, mark: string): string {
	const groups = Array.from({length: dice.roll(3)}, () => group + dice.digits(3)).join('');
	return `${dice.digits(1 + dice.roll(3))}${groups}${mark}${dice.digits(1 + dice.roll(3))}`;
}

function date(dice: Dice, sign: string): string {
	const number = (most: number): string => String(dice.roll(most)).padStart(dice.pick([1, 2]), '0');
	const year = dice.pick(['2024', '2023', '1999', '0999', '24', '20245']);
	const clock = dice.pick([
		'',
		'',
		'',
		' 10:20',
		' 23:59:59',
		' 24:00',
		' 9:00',
		' 10:20 PM',
		'T10:20:00',
		' 10:60',
		' 10:20:00Z',
		' ',
	]);
	return `${number(34)}${sign}${number(dice.pick([14, 33]))}${sign}${year}${dice.isOneIn(3) ? clock : ''}`;
}

function cellsOf(dice: Dice): () => string {
	const [affix, ending, group, mark, sign] = [
		dice.pick(affixes),
		dice.pick(endings),
		dice.pick(groupSigns),
		dice.pick(['.', ',']),
		dice.pick(['.', '/', '-', '.', ':']),
	];
	const makers: readonly (() => string)[] = [
		() => `${affix}${usualNumeral(dice, group, mark)}${ending}`,
		() => `${dice.isOneIn(4) ? '-' : ''}${usualNumeral(dice, group, mark)}`,
		() => `${affix}${numeral(dice)}${ending}`,
		() => `${dice.pick(affixes)}${numeral(dice)}${dice.pick(endings)}`,
		() => date(dice, sign),
		() => date(dice, dice.pick(['.', '/', '-'])),
		() => dice.pick(['', 'NA', '-', '2024-12-31', '45657', '45657.25', '31 Dec 2024', 'text']),
	];
	const mostly = dice.pick(makers);
	const others = dice.pick([0, 2, 9, 60]);
	return () => (dice.isOneIn(others) ? dice.pick(makers) : mostly)();
}

const kernel = new Kernel();

test.each([
	{tables: 70, mostRecords: 40},
	{tables: 10, mostRecords: 800},
])('$tables tables of up to $mostRecords records', async ({tables, mostRecords}) => {
	for (const seedOfTable of randomSeeds(tables)) {
		const dice = new Dice(seedOfTable);
		const columns = Array.from({length: 1 + dice.roll(4)}, () => cellsOf(dice));
		const names = columns.map((_, place) => `column ${place}`);
		const records = Array.from({length: 1 + dice.roll(mostRecords)}, () =>
			Buffer.from(`${columns.map(make => make()).join(';')}\n`, 'latin1'),
		);
		const layout = layOutStates(profile, defaultCaps);
		const program = withForms(
			compileProgram(
				[{declaration: profile, indexes: {}, header: names, faults: {key: 0, delimiter: ';'}}],
				defaultCaps,
			),
			new Map(names.map((_, column) => [column, {cells: dice.pick(forms)}])),
		);
		const spec = {program, columnCount: names.length, delimiter: ';', quote: '"'} as const;
		const seed = seedOf(Buffer.from('any'));
		const reference = await readProgramByReference(spec, records, seed);
		const {input} = kernel;
		input.begin(0);
		kernel.begin({...spec, ...specBounds}, 1, seed);
		const bytes = Buffer.concat(records);
		input.space(bytes.length).set(bytes);
		input.extend(bytes.length);
		expect(kernel.consume(true)).toBe('needs-more');
		const [found, expected] = [kernel.readFigures(), reference.figures].map(([figures]) => {
			if (figures === undefined) throw new Error('Expected figures');
			return Buffer.from(encodePartial(stateOfFigures(layout, figures, 'utf-8'))).toString('hex');
		});
		expect(found === expected, `seed ${seedOfTable}`).toBe(true);
		expect(kernel.formEvidence(), `seed ${seedOfTable}`).toEqual(reference.formEvidence);
	}
});
