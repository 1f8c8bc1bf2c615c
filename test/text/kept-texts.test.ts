import fc from 'fast-check';
import {expect, test} from 'vitest';
import {KeptTexts} from '../../source/text/kept-texts.ts';

const texts = fc.array(fc.oneof(fc.string({unit: 'binary'}), fc.constant('figures '.repeat(20_000))), {maxLength: 20});

test('every text is read back unchanged, in any order, packed or not', () => {
	fc.assert(
		fc.property(
			fc.array(texts, {maxLength: 10}),
			fc.integer({min: 0, max: 2000}),
			fc.infiniteStream(fc.nat()),
			(replies, limit, picks) => {
				const kept = new KeptTexts(limit);
				const given = replies.map(reply => reply.map(text => Buffer.from(text)));
				const parts = given.flatMap(reply =>
					kept.keep(
						Buffer.concat(reply),
						reply.map(({length}) => length),
					),
				);
				const all = given.flat();
				expect(parts.map(({length}) => length)).toEqual(all.map(({length}) => length));
				for (const pick of picks.take(Math.min(50, 2 * all.length))) {
					const index = pick % all.length;
					const target = Buffer.alloc((all[index]?.length ?? 0) + 2, '.');
					parts[index]?.copyTo(target, 1);
					expect(
						target.equals(Buffer.concat([Buffer.from('.'), all[index] ?? Buffer.alloc(0), Buffer.from('.')])),
					).toBe(true);
					expect(parts[index]?.toString()).toBe(all[index]?.toString());
				}
			},
		),
	);
});

test('the texts of 100,000 files take a fraction of their length', () => {
	const kept = new KeptTexts();
	for (let reply = 0; reply < 200; reply++) {
		const reports = Array.from({length: 500}, (_, index) => {
			const categories = Array.from(
				{length: 8},
				(_, place) => `{"category": "c${place}", "count": ${index}, "amount": "${reply * index}.50"}`,
			);
			return Buffer.from(categories.join(',\n          ').padEnd(850));
		});
		kept.keep(
			Buffer.concat(reports),
			reports.map(({length}) => length),
		);
	}
	expect(kept.bytesHeld).toBeLessThan(24 * 1024 * 1024);
});
