// Files come in: several as parts of a form, or one as the body of a request.
import type {Readable} from 'node:stream';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {messageOf} from '../../text/system-error.ts';
import type {User} from '../accounts.ts';
import {ACTIONS} from '../actions.ts';
import {bothPaths, type Routes, type ServerContext, userOf} from '../context.ts';
import type {Dataset} from '../datasets.ts';
import {pathOfTask} from '../describe-task.ts';
import {assertMay} from '../identify.ts';
import {nameOfUpload} from '../incoming-names.ts';
import {Problem, problem} from '../problem.ts';
import {assertHarmless} from '../scanning/assert-harmless.ts';
import {InboxDrops, noInbox} from '../served-inbox.ts';
import {StatedDigests} from '../stated-digests.ts';
import type {AskedTask} from '../task.ts';
import type {Tasks} from '../tasks.ts';
import {describeDataset} from './file-routes.ts';
import {askedMapping, readTask} from './task-routes.ts';

/** The parser of the parts throws plain errors; those of the system have a code, and all others a class of their own. */
const isOfParser = (error: unknown): boolean =>
	error instanceof Error && error.constructor === Error && !('code' in error);

const taskQuery = {
	type: 'object',
	properties: {
		task_id: {type: 'string', maxLength: 100, description: 'A task that begins with each file at once'},
		mapping: askedMapping,
		corrects: {
			...{type: 'string', maxLength: 100},
			description: 'The file whose rejected records these are, corrected; a file of rejected records says so by itself',
		},
	},
} as const;

const uploadQuery = {
	type: 'object',
	properties: {
		to: {
			type: 'string',
			enum: ['files', 'inbox'],
			description: 'Of the account, or of the folder that is watched beside',
		},
		...taskQuery.properties,
	},
} as const;

const isForInbox = ({query}: FastifyRequest): boolean => (query as {readonly to?: string}).to === 'inbox';

interface TaskQuery {
	readonly task_id?: string;
	readonly mapping?: string;
	readonly corrects?: string;
}

const correctsOf = ({query}: FastifyRequest): string | null => (query as TaskQuery).corrects ?? null;

/** A file that has come in, before the whole request has. */
interface Arrived {
	/** What is told of it when all is well. */
	readonly answer: () => Promise<object>;
	/** Removes what nobody else has seen. */
	readonly undo: () => Promise<void>;
}

interface SkippedFile {
	readonly name: string;
	readonly status: 'SKIPPED';
}

/** The task that is to begin with each file; `null`: none. @throws {Problem} */
function readAsked(request: FastifyRequest, context: ServerContext): AskedTask | null {
	const query = request.query as TaskQuery;
	if (query.task_id === undefined && query.mapping === undefined) return null;
	if (isForInbox(request))
		throw problem(
			'BAD_REQUEST',
			'The routes of the inbox say what is made of its files: leave task_id and mapping, or to=inbox away.',
		);
	assertMay(request, ACTIONS.start);
	const {task_id, mapping} = query;
	return readTask(
		userOf(request),
		{...(task_id !== undefined && {task_id}), ...(mapping !== undefined && {mapping})},
		context,
	);
}

export const incomingRoutes: Routes = (app, context) => {
	const {datasets, scans, tasks, options} = context;
	const {inbox} = options;
	const drops = inbox === null ? null : new InboxDrops(inbox, options.maxUploadBytes);
	/** Who asks before sending (Expect: 100-continue) is refused before a byte is sent. */
	const onRequest = async (request: FastifyRequest): Promise<void> => {
		const user = userOf(request);
		datasets.room.assertFits(user, Number(request.headers['content-length'] ?? 0));
		datasets.assertOriginal(user, correctsOf(request));
		if (readAsked(request, context) !== null) tasks.assertRoom(user);
	};
	const access = {onRequest} as const;

	const takeFile = async (
		user: User,
		name: string,
		file: Readable,
		{asked, corrects}: {readonly asked: AskedTask | null; readonly corrects: string | null},
	): Promise<Arrived> => {
		const dataset = await datasets.store(user, {name, source: 'api', stated: null, corrects}, file);
		const answer = async () => (asked === null ? describeDataset(dataset) : startTask(tasks, user, dataset, asked));
		return {answer, undo: () => datasets.remove(user, dataset.id)};
	};
	const dropFile = async (user: User, name: string, file: Readable): Promise<Arrived> => {
		if (drops === null) throw noInbox();
		const {bytes, sha256, path, publish, discard} = await datasets.room.hold(user, {id: null, bytes: 0}, arriving =>
			drops.receive(name, datasets.room.count(user, arriving, file)),
		);
		await assertHarmless(scans, path).catch(async (error: unknown) => {
			await discard();
			throw error;
		});
		return {
			async answer() {
				// Before it is there: what has come counts, whatever happens.
				await datasets.noteDrop(user, {name: nameOfUpload(name), bytes, source: 'form'});
				return {name: await publish(), size: bytes, sha256, status: 'WAITING', links: {inbox: '/api/v1/inbox'}};
			},
			undo: discard,
		};
	};
	const upload = async (request: FastifyRequest, reply: FastifyReply) => {
		if (!request.isMultipart())
			throw problem('NOT_MULTIPART', 'Expected multipart/form-data, as curl -F file=@data.csv sends it.');
		// A link is for the files of its account, with bounds that files of the inbox do not count for.
		if (isForInbox(request) && (drops === null || userOf(request).link !== undefined)) throw noInbox();
		const user = userOf(request);
		const asked = readAsked(request, context);
		const stated = followBody(request);
		const arrived: (Arrived | SkippedFile)[] = [];
		const files: object[] = [];
		try {
			for await (const {filename, file} of request.files()) {
				const take = isForInbox(request)
					? dropFile(user, filename, file)
					: takeFile(user, filename, file, {asked, corrects: correctsOf(request)});
				arrived.push(
					await take.catch((error: unknown) => {
						if (!(error instanceof Problem && error.code === 'NOT_TAKEN')) throw error;
						// What it has left is passed over, and those behind it are taken.
						file.resume();
						return {name: nameOfUpload(filename), status: 'SKIPPED', ...error.more} as const;
					}),
				);
			}
			stated.verify();
			for (const each of arrived) files.push('answer' in each ? await each.answer() : each);
		} catch (error) {
			// Who is told that it failed has no ids of what had come before.
			for (const each of arrived) if ('undo' in each) await each.undo();
			throw isOfParser(error)
				? problem('MALFORMED', `The parts of the request cannot be told apart: ${messageOf(error)}.`)
				: error;
		}
		if (arrived.length === 0)
			throw problem('NO_FILE', 'Expected a part with a file, as curl -F file=@data.csv sends it.');
		if (arrived.every(each => 'status' in each))
			throw problem('NOT_TAKEN', 'None of the files is taken: files says why.', {more: {files}});
		return reply.code(asked === null ? 201 : 202).send({files});
	};
	for (const path of ['/upload', ...bothPaths('/upload')])
		app.post(path, {...access, schema: {querystring: uploadQuery}}, upload);

	void app.register(async whole => {
		// Its bytes go to the disk as they come, whatever they are said to be.
		whole.removeAllContentTypeParsers();
		whole.addContentTypeParser('*', (_request, _payload, done) => done(null));
		// The path is that of a file that is there, so its parameter has the same name.
		for (const path of bothPaths('/files/:id')) {
			whole.put<{Params: {id: string}}>(path, {...access, schema: {querystring: taskQuery}}, async (request, reply) => {
				const asked = readAsked(request, context);
				if (request.headers['content-range'] !== undefined)
					throw problem('NO_PARTS', 'The body is the whole file; to send parts of one, use tus at /api/v1/uploads.');
				const stated = new StatedDigests(request.headers);
				// Who is refused in the middle is told so: the connection is not to end with the reading.
				const chunks = request.raw.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>;
				const received = {name: request.params.id, source: 'put', stated, corrects: correctsOf(request)};
				const user = userOf(request);
				const dataset = await datasets.store(user, received, chunks);
				const described = describeDataset(dataset);
				reply.header('location', described.links.self);
				return asked === null
					? reply.code(201).send(described)
					: reply.code(202).send(await startTask(tasks, user, dataset, asked));
			});
		}
	});
};

/** The file is there, also where its task is refused. */
async function startTask(tasks: Tasks, user: User, dataset: Dataset, asked: AskedTask): Promise<object> {
	const stored = describeDataset(dataset);
	try {
		const task = await tasks.submit(user, dataset, asked);
		const links = {...stored.links, task: pathOfTask(task)};
		return {...stored, status: 'QUEUED', task_execution_id: task.id, links};
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return {...stored, reason: {code: error.code, message: error.message}};
	}
}

/** Hashes the body of a form as it is read. @throws {Problem} */
function followBody({raw, headers}: FastifyRequest): StatedDigests {
	const stated = new StatedDigests(headers);
	if (stated.isEmpty) return stated;
	// Until somebody else reads it, nothing flows.
	raw.pause();
	raw.on('data', (bytes: Buffer) => stated.update(bytes));
	return stated;
}
