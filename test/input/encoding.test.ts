// Which encoding a text is in, by its first bytes.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {findMark, findWideEncoding} from '../../source/input/encoding.ts';
import {encodeWide, wideLabels} from '../helpers/encode-wide.ts';

const english = 'date,amount,category\n2024-01-01,1.50,food\n';
const tables = {
	english,
	german: 'Datum;Betrag;Empfänger\r\n01.02.2024;1,50;Müller & Söhne\r\n',
	russian: 'Дата;Сумма;Назначение платежа\r\n01.02.2024;1,50;Оплата по счёту\r\n',
	chinese: '日期,金额,摘要\n2024-01-01,1.50,银行转账手续费\n',
	japanese: '取引日\t金額\t摘要\r\n2024/01/01\t1500\t振込手数料　カード\r\n',
	greek: 'Ημερομηνία|Ποσό\n2024-01-01|1.50\n',
	emoji: 'a,b\n😀,😀😀\n',
};

test.each(Object.entries(tables))('a table in any language, with a mark or without: %s', (_, text) => {
	for (const label of wideLabels) {
		const markBytes = label.startsWith('utf-16') ? 2 : 4;
		expect(findMark(encodeWide(`\ufeff${text}`, label))).toEqual({label, markBytes});
		const bytes = encodeWide(text.repeat(100), label);
		for (const length of [bytes.length, 4096, 4095, 515, 514, 513, 512]) {
			const head = bytes.subarray(0, length);
			expect([findMark(head), findWideEncoding(head)], `${label}, ${length}`).toEqual([null, label]);
		}
	}
	expect([findMark(Buffer.from(text)), findWideEncoding(Buffer.from(text))]).toEqual([null, null]);
	expect(findMark(Buffer.from(`\ufeff${text}`))).toEqual({label: 'utf-8', markBytes: 3});
});

describe('zeros alone are no wide characters', () => {
	test.each([
		['one in a cell', 'a,b\n1,\0\n2,3\n'],
		['cells that are padded', `name,code\n${'ab\0\0\0\0,cd\0\0\0\0\n'.repeat(20)}`],
		['between records', 'a,b\n\x001,2\n\x003,4\n'],
		['a name list', 'one.csv\0two.csv\0'],
		['in another encoding', 'Gr\xf6\xdfe,\0\n\xfc\xfc,1\n'],
	])('%s', (_, text) => {
		expect(findWideEncoding(Buffer.from(text, 'latin1'))).toBeNull();
	});

	test('in text of any bytes', () => {
		const byte = fc.oneof({weight: 20, arbitrary: fc.constantFrom(...Buffer.from('abc,;\n"0123'))}, fc.constant(0));
		fc.assert(
			fc.property(fc.uint8Array({minLength: 8, maxLength: 200}), fc.array(byte, {minLength: 40}), (any, text) => {
				// Whole words and cells stand between zeros here, and control bytes or what is no character there.
				expect(findWideEncoding(Buffer.from(text))).toBeNull();
				if (!any.includes(0) && findMark(any) === null) expect(findWideEncoding(any)).toBeNull();
			}),
		);
	});
});

const corpus = '../shared/corpus';

test.skipIf(!existsSync(corpus))(
	'of files that others have written, those of wide characters are found, and no other is mistaken for one',
	() => {
		const names = readdirSync(corpus, {recursive: true, encoding: 'utf8'}).filter(name =>
			/\.(?:csv|tsv|txt|log)$/i.test(name),
		);
		expect(names.length).toBeGreaterThan(50);
		const wide = names.filter(name => findWideEncoding(readFileSync(join(corpus, name)).subarray(0, 65_536)) !== null);
		expect(wide.length).toBeGreaterThan(0);
		expect(wide).toEqual(names.filter(name => name.includes('utf16')));
	},
);
