// Reads damaged files until the time is over. By hand; what fails is told with its seed:
//
//   npm run fuzz                           ten minutes
//   npm run fuzz -- --seconds 5 --seed 7
import {parseArgs} from 'node:util';
import {faultOf} from './damaged-file.ts';

const {values} = parseArgs({
	options: {seconds: {type: 'string', default: '600'}, seed: {type: 'string', default: '1'}},
});
const end = performance.now() + 1000 * Number(values.seconds);
const first = Number(values.seed);
let seed = first;
let failures = 0;
for (; performance.now() < end && failures < 5; seed++) {
	const fault = await faultOf(seed);
	if (fault === null) continue;
	failures++;
	console.error(`seed ${seed}: ${fault}`);
}
const megabytes = Math.round(process.memoryUsage.rss() / 1024 / 1024);
console.log(`${seed - first} files, ${failures} failures, ${megabytes} MB`);
process.exitCode = failures === 0 ? 0 : 1;
