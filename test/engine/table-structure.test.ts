import {expect, test} from 'vitest';
import {areGrouped} from '../../source/engine/small-files/dequeue-group.ts';
import {bytesInPieces, type FoldName, folds} from '../helpers/fold-bytes.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

const settings = {...readDefaults, analysis: 'profile', tellsStructure: true} as const;

const structureOf = async (text: string | Uint8Array, fold: FoldName, piece: number) => {
	const source = bytesInPieces(Buffer.from(text), [piece]);
	const {structure} = await folds[fold](source, {...settings, reader: fold}, {report() {}, wait() {}});
	return structure;
};

test.each([
	'kernel',
	'reference',
] as const)('the %s tells the header and the first records, in any pieces', async fold => {
	const text = '\ufeff\r\n\r\n"a",b\r\n1,"x ""y""\r\nz"\r\n\r\n2\r\n3,"p"q,r\r\n4,\u00e9\r\n5,t\r\n6,u\r\n';
	const expected = {
		header: {line: 3, byte_offset: 7},
		first_records: [['1', 'x "y"\r\nz'], ['2'], ['3', '"p"q', 'r'], ['4', '\u00e9'], ['5', 't']],
		analyses: ['profile', 'quality'],
	};
	for (const piece of [1, 7, 1000]) expect(await structureOf(text, fold, piece)).toEqual(expected);
});

test.each(['kernel', 'reference'] as const)('the %s decodes them as the whole file', async fold => {
	const bytes = Buffer.concat([Buffer.from('a,b\n\u00e9,2\n'), Buffer.from('caf\xe9,3\n', 'latin1')]);
	expect((await structureOf(bytes, fold, 1000))?.first_records).toEqual([
		['\u00c3\u00a9', '2'],
		['caf\u00e9', '3'],
	]);
});

test.each([
	'kernel',
	'reference',
] as const)('the %s tells of a table without a record that there is none', async fold => {
	expect(await structureOf('', fold, 10)).toEqual({header: null, first_records: [], analyses: []});
	expect(await structureOf('a,b\n', fold, 10)).toEqual({
		header: {line: 1, byte_offset: 0},
		first_records: [],
		analyses: ['profile', 'quality'],
	});
});

test.each(['kernel', 'reference'] as const)('the %s tells which analyses fit, by names and cells', async fold => {
	const rows = (amount: string): string => `Kunde;Betrag;Datum;Kategorie\nA;${amount};31.01.2024;x\n`;
	expect((await structureOf(rows('1,50'), fold, 10))?.analyses).toEqual(['transactions', 'profile', 'quality']);
	expect(await structureOf(rows('many'), fold, 10)).toMatchObject({
		analyses: ['profile', 'quality'],
		lacks: 'transactions would need the column amount',
	});
});

test('it is not told unless it is asked for, and files of which it is are not read in groups', async () => {
	const source = bytesInPieces(Buffer.from('a,b\n1,2\n'), [100]);
	const folded = await folds.kernel(source, {...settings, tellsStructure: undefined}, {report() {}, wait() {}});
	expect('structure' in folded).toBe(false);
	expect(areGrouped({...settings, reader: 'kernel'})).toBe(false);
	expect(areGrouped({...settings, reader: 'kernel', tellsStructure: undefined})).toBe(true);
});
