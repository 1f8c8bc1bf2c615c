// Kills and faults, many times, in what must not lose anything; an independent checker looks at what is there after each. By hand, not in CI; the suite does
// the same a few times:
//
//   npm run test:kills                        runs with a ledger, killed at random moments
//   npm run test:kills watch-faults           any other file of this folder, which has its flags in its first lines
const [name = 'runs'] = process.argv.slice(2).filter((word, index) => index === 0 && !word.startsWith('-'));
const NAMES = [
	...[
		'ledger-faults',
		'runs',
		'serve-kills',
		'watch-calls',
		'watch-cuts',
		'watch-faults',
		'watch-kills',
		'watch-storm',
	],
];
if (!NAMES.includes(name)) throw new Error(`There is no ${name}, only ${NAMES.join(', ')}.`);
process.argv = process.argv.filter((word, index) => index !== 2 || word.startsWith('-'));
await import(`./${name}.ts`);
