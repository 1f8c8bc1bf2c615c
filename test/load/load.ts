// Loads the built server as many users, readers of streams and a large upload do, checks what must hold, and measures. By hand, not in CI; the suite does
// the same with a few (test/server/load.test.ts):
//
//   npm run test:load                                   everything
//   npm run test:load -- users --users 200              one part, with other numbers
//   npm run test:load -- readers --readers 1000
//
// A machine that does something else meanwhile shows in all figures: compare those of one run.
import {parseArgs} from 'node:util';
import {LoadClient} from './client.ts';
import {describe, startProbe, summarize} from './latencies.ts';
import {loadReaders} from './readers.ts';
import {makeDataFolder, ServedProcess} from './served-process.ts';
import {loadSessions} from './ssh-sessions.ts';
import {measureStarts} from './starts.ts';
import {compareUploads} from './uploads.ts';
import {simulateUsers} from './users.ts';

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		users: {type: 'string', default: '1000'},
		readers: {type: 'string', default: '5000'},
		megabytes: {type: 'string', default: '1024'},
		starts: {type: 'string', default: '20'},
		sessions: {type: 'string', default: '100'},
		cycles: {type: 'string', default: '1000'},
	},
});
const numbers = [values.users, values.readers, values.megabytes, values.starts, values.sessions, values.cycles].map(
	Number,
);
const [users = 0, readers = 0, megabytes = 0, starts = 0, sessions = 0, cycles = 0] = numbers;
if (!numbers.every(number => Number.isSafeInteger(number) && number >= 1))
	throw new Error('Expected --users, --readers, --megabytes, --starts, --sessions and --cycles from 1.');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const LIMITS = [
	'--max-queued',
	'1000000',
	'--max-queued-per-user',
	'1000',
	'--max-streams-per-user',
	'100000',
	'--rate-limit',
	'0',
];
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const faults: string[] = [];

async function loadUsers(): Promise<void> {
	const {dataFolder, seats} = makeDataFolder(users);
	const server = await ServedProcess.start(dataFolder, LIMITS);
	const client = new LoadClient(server.port, 256);
	const before = server.usage();
	const endProbe = await startProbe(server.port);
	const outcome = await simulateUsers(client, seats);
	const {health, bare} = await endProbe();
	const after = server.usage();
	client.close();
	await server.stop();
	faults.push(...outcome.faults);
	print(`${users} users: ${outcome.faults.length} faults`);
	print(
		`  ${(outcome.taskMs.length / (outcome.wallMs / 1000)).toFixed(1)} tasks/s, ${describe(summarize(outcome.taskMs))}`,
	);
	print(`  ${((after.cpuMs - before.cpuMs) / users).toFixed(1)} ms CPU of the server for each user`);
	print(`  RSS ${before.rssMb} → ${after.rssMb} MB, at most ${after.peakRssMb} MB`);
	print(`  /health ${describe(health)}; a bare server ${describe(bare)}`);
}

async function loadSsh(): Promise<void> {
	const {dataFolder} = makeDataFolder(0);
	const costs = await loadSessions(dataFolder, sessions, cycles);
	const {before, open, early, end, keyMs, bareCpuShare, cpuShare, bytesPerSecond, framesPerSecond} = costs;
	print(
		`${sessions} dashboards by SSH: ${percent(cpuShare)} of a core, ${percent(bareCpuShare)} with nobody who looks; ${Math.round(bytesPerSecond)} bytes and ${framesPerSecond.toFixed(1)} frames a second each`,
	);
	print(
		`  RSS ${before.rssMb} → ${open.rssMb} MB; a key is on the screen after ${describe(summarize(keyMs))}, with 20 open`,
	);
	print(`  ${cycles} that come and go: RSS ${early.rssMb} → ${end.rssMb} MB`);
}

const parts: Readonly<Record<string, () => Promise<void>>> = {
	users: loadUsers,
	readers: async () => {
		faults.push(...(await loadReaders(readers, LIMITS, print)));
	},
	upload: async () => {
		faults.push(...(await compareUploads(megabytes, print)));
	},
	starts: () => measureStarts(starts, print),
	ssh: loadSsh,
};
const chosen = positionals.length === 0 ? Object.keys(parts) : positionals;
for (const name of chosen) {
	const part = parts[name];
	if (part === undefined) throw new Error(`Expected ${Object.keys(parts).join(', ')}, found ${name}`);
	await part();
}
for (const fault of faults.slice(0, 20)) print(fault);
print(faults.length === 0 ? 'no faults' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
