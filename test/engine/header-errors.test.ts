import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {byKernel, byReference} from '../helpers/outcomes.ts';
import {randomCases} from '../helpers/random-cases.ts';

const row = 'C1,5,2024-02-29,a\n';

/** What both readers say of a file with this header. */
async function outcomeWith(header: string | Buffer): Promise<{readonly code?: string; readonly message?: string}> {
	const bytes = Buffer.concat([Buffer.from(header), Buffer.from(`\n${row}`)]);
	const expected = await byReference(bytes);
	expect(await byKernel(bytes)).toEqual(expected);
	return expected as {code?: string; message?: string};
}

describe('names of columns match', () => {
	test.each([
		'Customer ID,AMOUNT,Date,category',
		'customer-id, amount ,da_te,CATEGORY',
		'CustomerID,_amount_,date,"cate gory"',
		'Customer\u{a0}ID,amount\u{202f},\u{feff}date,cate\u{ad}gory',
		'"customer\n_id",amount,date,category',
		Buffer.from('Customer\xa0ID,amount,date,category', 'latin1'),
	])('in any usual spelling: %j', async header => {
		expect(await outcomeWith(header)).toMatchObject({rows: 1, rejectedRows: 0});
	});

	test('however case, spaces, underscores and hyphens are put into them', async () => {
		const between = fc.constantFrom('', ' ', '_', '-', '\u{a0}', ' _');
		const spelling = (name: string) =>
			fc.array(fc.tuple(between, fc.boolean()), {minLength: name.length, maxLength: name.length}).map(parts =>
				Array.from(name, (letter, index) => {
					const [before, isUpper] = parts[index] ?? ['', false];
					return before + (isUpper ? letter.toUpperCase() : letter);
				}).join(''),
			);
		const header = fc.tuple(...['customerid', 'amount', 'date', 'category'].map(spelling));
		await fc.assert(
			fc.asyncProperty(header, async names => {
				expect(await outcomeWith(names.join(';'))).toMatchObject({dialect: {delimiter: ';'}, rejectedRows: 1});
			}),
			{numRuns: randomCases(200)},
		);
	});

	test('and two that match the same needed one fail the file', async () => {
		const {code, message} = await outcomeWith('Customer ID,customer_id,amount,date,category');
		expect(code).toBe('DUPLICATE_COLUMN');
		expect(message).toContain('customer_id ("Customer ID", "customer_id")');
	});
});

describe('of a header that lacks columns it is said', () => {
	const messageOf = async (header: string): Promise<string> => {
		const {code, message} = await outcomeWith(header);
		expect(code).toBe('MISSING_COLUMN');
		return message ?? '';
	};

	test('which they are, and what names there are, each in quotes', async () => {
		expect(await messageOf('id,value with spaces , date,"a,b"')).toBe(
			'The columns customer_id, amount, category that the transactions analysis needs are missing. ' +
				'The header on line 1 has: "id", "value with spaces ", " date", "a,b". ' +
				`Name the columns that are meant, as in --map 'customer_id=id,amount="value with spaces ",category="a,b"'`,
		);
		expect(await messageOf(`amount,${'x'.repeat(50)},${'y,'.repeat(20)}z`)).toContain(
			`has: "amount", "${'x'.repeat(40)}…", "y", "y", "y", "y", "y", "y", "y", "y", "y", "y" and 11 more`,
		);
	});

	test.each([
		['custmer_id,amount,date,category', 'Did you mean "custmer_id" for customer_id? The header'],
		['customer_id,Ammount,Dats,category', 'Did you mean "Ammount" for amount, "Dats" for date? The header'],
		['customer_id,amount_in_cents,date,category', 'Did you mean "amount_in_cents" for amount? The header'],
	])('which name is nearly one of them: %s', async (header, sentence) => {
		expect(await messageOf(header)).toContain(sentence);
	});

	test('that nothing is near, where nothing is, or where the header is one field', async () => {
		expect(await messageOf('id,value,when,kind')).not.toContain('Did you mean');
		expect(await messageOf('customer_id:amount:date:category')).not.toContain('Did you mean');
		expect(await messageOf('amounts')).not.toContain('Did you mean');
	});

	test('that all are missing, of the analysis that is meant', async () => {
		expect(await messageOf('custmer_id,amuont,what,who')).toBe(
			'All columns that the transactions analysis needs are missing: customer_id, amount, date, category. ' +
				'Did you mean "custmer_id" for customer_id, "amuont" for amount? ' +
				'The header on line 1 has: "custmer_id", "amuont", "what", "who". ' +
				'Name the columns that are meant, as in --map customer_id=custmer_id,amount=amuont,date=what,category=who',
		);
		expect(await messageOf('id,departmnt,when,kind')).toContain(
			'All columns that the sales analysis needs are missing: department, sales. Did you mean "departmnt" for department? ',
		);
	});

	test('which analysis lacks the smallest part', async () => {
		expect(await messageOf('department,when,kind')).toBe(
			'The column sales that the sales analysis needs is missing. The header on line 1 has: "department", "when", "kind"',
		);
	});

	test('what each analysis needs, where it has nothing of any', async () => {
		expect(await messageOf('employee,gross_pay,pay_date')).toContain(
			'The header fits no analysis: transactions needs ',
		);
		expect(await messageOf('id,value,when,kind')).toBe(
			'The header fits no analysis: transactions needs customer_id, amount, date, category; sales needs department, sales; activity needs user. ' +
				'The header on line 1 has: "id", "value", "when", "kind"',
		);
	});

	test.each([
		'C1,12.50,2024-02-29,food',
		'17;12,50;29.02.2024;food',
		'"C1",-3,"2024-02-29T10:00:00Z",food',
	])('that the first line looks like data: %s', async header => {
		expect(await messageOf(header)).toContain(
			'sales needs department, sales; activity needs user. The first line looks like data: put a header with the names before it in the order of the fields. ',
		);
	});

	test.each([
		'id,2024,name',
		'id,2024-01-01,name',
		'customer_id,5,2024-01-01,x',
	])('and not of names that have a figure among them: %s', async header => {
		expect(await messageOf(header)).not.toContain('looks like data');
	});

	test.each([
		["'customer_id','amount','date','category'", "'"],
		['`customer_id`,`amount`,`date`,`category`', '`'],
		['“Customer ID”,“amount”,“date”,“category”', '“ ”'],
		["customer_id,'amount',date,category", "'"],
	])('that only " is understood as a quote: %s', async (header, quotes) => {
		const message = await messageOf(header);
		expect(message).toContain(`The names are quoted with ${quotes}, but only " is understood`);
		expect(message).not.toContain('Did you mean');
	});

	test.each([
		['sep=;', 'The first line is the separator line of a spreadsheet, "sep=;": remove it.'],
		['"customer_id,amount,date,category"', 'is one field, "customer_id,amount,date,category": is each line in quotes?'],
		['"customer_id;amount;date;category"', 'is one field, "customer_id;amount;date;category": is each line in quotes?'],
		[
			'customer_id amount date category',
			'is one field, "customer_id amount date category"; fields are delimited by a comma',
		],
		['customer_id:amount:date:category', 'is one field, "customer_id:amount:date:category"; fields are delimited by'],
		['x\0,y\0', 'There are NUL bytes in the header'],
		['$\u0002\u0015N', 'There are control characters in the header, so the file looks binary'],
	])('what is likely wrong with the file: %j', async (header, sentence) => {
		expect(await messageOf(header)).toContain(sentence);
	});
});
