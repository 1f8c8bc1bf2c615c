// How quick the page is: `npm run bench:page` prints figures. It is no test: figures depend on the machine, so nothing is asserted but that the rows
// are there. The first view with an empty and with a long list; frames while the long list is scrolled, alone and while events come.
import {createServer, request} from 'node:http';
import type {AddressInfo} from 'node:net';
import {DatabaseSync} from 'node:sqlite';
import {setTimeout as wait} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import type {Page} from 'playwright-core';
import {launchChromium} from './launch-chromium.ts';
import {makeServerFolder, type ServedProcess, serveFolder} from './served-folder.ts';

const {values} = parseArgs({
	options: {
		files: {type: 'string', default: '10000'},
		events: {type: 'string', default: '100'},
		seconds: {type: 'string', default: '5'},
	},
});
const [fileCount, eventsPerSecond, seconds] = [values.files, values.events, values.seconds].map(Number) as [
	number,
	number,
	number,
];

/** Files of the one user of a server without accounts; every other one has been processed. Their bytes are nowhere: nobody reads them. */
function addFiles(path: string): void {
	const ledger = new DatabaseSync(path);
	const dataset = ledger.prepare(
		`INSERT INTO datasets (id, account, name, source, state, bytes, sha256, received_at) VALUES (?, 'u_local', ?, 'tus', 'stored', ?, x'00', ?)`,
	);
	const task = ledger.prepare(
		`INSERT INTO tasks (id, account, dataset, task, analyses, state, attempts, created_at, started_at, ended_at, rows, rejected_rows)
		VALUES (?, 'u_local', ?, 'transactions', '["transactions"]', 'COMPLETED', 1, ?, ?, ?, 1000, 3)`,
	);
	const now = Date.now();
	ledger.exec('BEGIN');
	for (let index = 0; index < fileCount; index++) {
		const at = now - 1000 * (fileCount - index);
		const {lastInsertRowid} = dataset.run(`f_${index}`, `sales-of-branch-${index}.csv`, 1000 * index, at);
		if (index % 2 === 0) task.run(`r_${index}`, lastInsertRowid, at, at + 10, at + 500);
	}
	ledger.exec('COMMIT');
	ledger.close();
}

/** Passes everything on, but tells events of its own, as many a second as are asked for: a file after the other is queued, read and done. */
async function standInFront(url: string, rate: () => number): Promise<string> {
	const server = createServer((incoming, outgoing) => {
		if (incoming.url?.startsWith('/api/v1/events') === true) {
			outgoing.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
			let number = 0;
			const timer = setInterval(() => {
				for (let index = 0; index < rate() / 20; index++)
					outgoing.write(`id: a:${++number}\ndata: ${JSON.stringify(eventOf(number))}\n\n`);
			}, 50);
			outgoing.on('close', () => clearInterval(timer));
			return;
		}
		const {method = 'GET', headers, url: path = '/'} = incoming;
		const onward = request(new URL(path, url), {method, headers: {...headers, host: new URL(url).host}}, answer => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on('error', () => outgoing.destroy());
		incoming.pipe(onward);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	server.unref();
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const STEPS = 10;

function eventOf(number: number): object {
	const [file, step] = [(Math.floor(number / STEPS) * 2 + 1) % fileCount, number % STEPS];
	const [id, runId, at] = [`f_${file}`, `r_new_${file}`, new Date().toISOString()];
	if (step === 0) return {type: 'task-queued', at, taskExecutionId: runId, fileId: id, bytesTotal: 1000 * file};
	if (step === 1) return {type: 'file-started', at, runId, attempt: 1};
	if (step === STEPS - 1)
		return {type: 'file-completed', at, runId, attempt: 1, report: {rows: 1000, rejected_rows: 0, error: null}};
	return {
		type: 'file-progressed',
		at,
		runId,
		attempt: 1,
		bytesRead: 100 * file * step,
		rows: 100 * step,
		rejectedRows: 0,
		isPaused: false,
	};
}

/** Scrolls on with each frame, and comes back at the end. */
const SCROLL = `(async () => {
	const list = document.querySelector('.grid');
	const times = [];
	const end = performance.now() + ${seconds * 1000};
	let step = 90;
	while (performance.now() < end) {
		times.push(await new Promise(requestAnimationFrame));
		if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) step = -90;
		if (list.scrollTop === 0) step = 90;
		list.scrollTop += step;
	}
	const gaps = times.slice(1).map((time, index) => time - times[index]).sort((one, other) => one - other);
	return {perSecond: gaps.length / ((times.at(-1) - times[0]) / 1000), median: gaps[gaps.length >> 1], p99: gaps[Math.floor(gaps.length * 0.99)], longest: gaps.at(-1)};
})()`;

interface Frames {
	readonly perSecond: number;
	readonly median: number;
	readonly p99: number;
	readonly longest: number;
}

/** What the page's own thread has worked for, in ms of its processor, so that other programs do not count. */
async function measureCpu(page: Page, work: () => Promise<Frames>): Promise<Frames & {readonly cpuMs: number}> {
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable', {timeDomain: 'threadTicks'});
	const read = async (): Promise<number> => {
		const {metrics} = await session.send('Performance.getMetrics');
		return 1000 * (metrics.find(({name}) => name === 'TaskDuration')?.value ?? Number.NaN);
	};
	const before = await read();
	const frames = await work();
	return {...frames, cpuMs: (await read()) - before};
}

const show = ({perSecond, median, p99, longest, cpuMs}: Frames & {readonly cpuMs: number}): string =>
	`${(cpuMs / (perSecond * seconds)).toFixed(1)} ms of CPU a frame; ${perSecond.toFixed(1)} frames a second; between two ${median.toFixed(1)} ms in the middle, ${p99.toFixed(1)} ms in 99 %, ${longest.toFixed(0)} ms at most`;

async function firstView(page: Page, url: string, selector: string): Promise<number> {
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable', {timeDomain: 'threadTicks'});
	await page.goto(`${url}/app`);
	await page.locator(selector).first().waitFor();
	const ms = Number(await page.evaluate('performance.now()'));
	const kilobytes = await page.evaluate(
		`performance.getEntriesByType('resource').filter(({name}) => name.endsWith('.js')).reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0) / 1000`,
	);
	const {metrics} = await session.send('Performance.getMetrics');
	const cpuMs = 1000 * (metrics.find(({name}) => name === 'TaskDuration')?.value ?? Number.NaN);
	console.log(`  ${ms.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU, ${Number(kilobytes).toFixed(0)} kB of script`);
	return ms;
}

const folder = makeServerFolder();
const browser = await launchChromium();
let served: ServedProcess = await serveFolder(folder.path);
try {
	console.log('first view, no files:');
	for (let run = 0; run < 3; run++)
		await firstView(await (await browser.newContext()).newPage(), served.url, 'text=There are no files yet.');
	await served.end();
	addFiles(`${folder.path}/ledger.db`);
	served = await serveFolder(folder.path);
	console.log(`first view, ${fileCount} files:`);
	for (let run = 0; run < 3; run++)
		await firstView(await (await browser.newContext()).newPage(), served.url, '.grid-rows .row');
	let rate = 0;
	const url = await standInFront(served.url, () => rate);
	const page = await browser.newPage();
	await page.goto(`${url}/app`);
	await page.getByText(`${fileCount.toLocaleString('en')} files`, {exact: true}).waitFor();
	const scroll = async (): Promise<Frames> => (await page.evaluate(SCROLL)) as Frames;
	const blank = await browser.newPage();
	await blank.setContent(
		'<div class="grid" style="overflow: auto; height: 300px"><div style="height: 400000px"></div></div>',
	);
	console.log(
		`scrolling a page with nothing in it: ${show(await measureCpu(blank, async () => (await blank.evaluate(SCROLL)) as Frames))}`,
	);
	await blank.close();
	console.log(`scrolling ${fileCount} files: ${show(await measureCpu(page, scroll))}`);
	rate = eventsPerSecond;
	await wait(1000);
	console.log(`… with ${eventsPerSecond} events a second: ${show(await measureCpu(page, scroll))}`);
} finally {
	await browser.close();
	await served.end();
	folder.remove();
}
process.exit(0);
