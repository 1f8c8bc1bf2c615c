// The two files of the system that this program replaces, which are read as they are: `log_processor_config.json` names a folder and
// processors, `pipeline_config.json` the steps of one pipeline.
import {describeFound, type ReportIssue} from '../../text/json-values.ts';
import type {JsonMember, JsonNode} from '../../text/parse-json.ts';
import {readMembers, readText, within} from './read-json.ts';
import type {ClassicSettings, WrittenPipeline, WrittenRoute, WrittenText} from './written.ts';

const LOG_PROCESSOR = {
	keys: ['watch_dir', 'processors', 'dashboard', 'recovery'],
	example: '{"watch_dir": "watch_dir", "processors": ["simple"]}',
} as const;
const DASHBOARD = {keys: ['host', 'port'], example: '{"host": "127.0.0.1", "port": 8000}'} as const;
const RECOVERY = {keys: ['enabled', 'check_interval'], example: '{"enabled": true, "check_interval": 60}'} as const;
const PIPELINE_FILE = {keys: ['pipeline'], example: '{"pipeline": {"steps": []}}'} as const;
const PIPELINE = {keys: ['steps'], example: '{"steps": []}'} as const;
const STEP = {keys: ['name', 'processor'], example: '{"name": "parse", "processor": "simple"}'} as const;

/** The one route of such a file, which has no name for it. */
const CLASSIC_TAG = 'pipeline';

/** Which of the two files this is, by keys that no other has; `null` for any other. */
export function classicKindOf(members: readonly JsonMember[]): 'log-processor' | 'pipeline' | null {
	const has = (...names: readonly string[]): boolean => members.some(({name}) => names.includes(name));
	if (has('watch', 'routes')) return null;
	if (has('watch_dir', 'dashboard', 'recovery')) return 'log-processor';
	return has('pipeline') ? 'pipeline' : null;
}

export function parseLogProcessorFile(root: JsonNode, report: ReportIssue): WrittenPipeline {
	const members = readMembers(root, '', LOG_PROCESSOR, report);
	const watchDir = members?.get('watch_dir')?.value;
	const processors = members?.get('processors')?.value;
	const [dashboard, recovery] = [members?.get('dashboard')?.value, members?.get('recovery')?.value];
	if (processors === undefined)
		report(root, '', 'Expected processors, like ["simple", "stateful"], but there are none.');
	const classic: ClassicSettings = {
		watchDir: watchDir === undefined ? null : (readText(watchDir, 'watch_dir', 'a folder', report)?.text ?? null),
		dashboard: dashboard === undefined ? null : readDashboard(dashboard, report),
		recovery: recovery === undefined ? null : readRecovery(recovery, report),
	};
	const names = processors === undefined ? [] : readProcessors(processors, report);
	return {...pipelineOf(root, names), classic};
}

export function parsePipelineFile(root: JsonNode, report: ReportIssue): WrittenPipeline {
	const pipeline = readMembers(root, '', PIPELINE_FILE, report)?.get('pipeline')?.value;
	const steps =
		pipeline === undefined ? undefined : readMembers(pipeline, 'pipeline', PIPELINE, report)?.get('steps')?.value;
	if (pipeline?.type === 'object' && steps === undefined) report(pipeline, 'pipeline', 'has no steps.');
	if (steps !== undefined && steps.type !== 'list')
		report(steps, 'pipeline.steps', `takes a list like [${STEP.example}], but got ${describeFound(steps)}.`);
	if (steps?.type !== 'list') return pipelineOf(root, []);
	if (steps.items.length === 0) report(steps, 'pipeline.steps', 'is empty: nothing would be done.');
	return pipelineOf(
		root,
		steps.items.flatMap((step, index) => readStep(step, `pipeline.steps[${index}]`, report) ?? []),
	);
}

function readStep(node: JsonNode, path: string, report: ReportIssue): WrittenText | null {
	const members = readMembers(node, path, STEP, report);
	if (members === null) return null;
	const [name, processor] = [members.get('name')?.value, members.get('processor')?.value];
	if (name !== undefined) readText(name, within(path, 'name'), 'a name', report);
	if (processor === undefined) report(node, path, 'has no processor: add "processor" and its name.');
	return processor === undefined
		? null
		: readText(processor, within(path, 'processor'), 'the name of a processor', report);
}

/** Each file goes through all of them, one after the other. */
function pipelineOf({offset}: JsonNode, processors: readonly WrittenText[]): WrittenPipeline {
	const steps = processors.map(processor => ({path: '', processor, with: {}, withNode: null, exits: []}));
	const route: WrittenRoute = {tag: {text: CLASSIC_TAG, offset}, match: {offset, terms: 'any'}, steps};
	return {routes: [route], modules: [], settings: [], classic: null};
}

function readProcessors(node: JsonNode, report: ReportIssue): readonly WrittenText[] {
	if (node.type !== 'list') {
		report(node, 'processors', `takes a list like ["simple", "stateful"], but got ${describeFound(node)}.`);
		return [];
	}
	if (node.items.length === 0) report(node, 'processors', 'is empty: nothing would be done.');
	return node.items.flatMap(
		(item, index) => readText(item, `processors[${index}]`, 'the name of a processor', report) ?? [],
	);
}

function readDashboard(node: JsonNode, report: ReportIssue): ClassicSettings['dashboard'] {
	const members = readMembers(node, 'dashboard', DASHBOARD, report);
	const [host, port] = [members?.get('host')?.value, members?.get('port')?.value];
	const isPort = port?.type === 'number' && Number.isInteger(port.value) && port.value >= 0 && port.value <= MAX_PORT;
	if (port !== undefined && !isPort)
		report(port, 'dashboard.port', `takes a whole number from 0 to ${MAX_PORT}, but got ${describeFound(port)}.`);
	return {
		host: host === undefined ? null : (readText(host, 'dashboard.host', 'an address', report)?.text ?? null),
		port: isPort ? port.value : null,
	};
}

const MAX_PORT = 65_535;

function readRecovery(node: JsonNode, report: ReportIssue): ClassicSettings['recovery'] {
	const members = readMembers(node, 'recovery', RECOVERY, report);
	const [enabled, interval] = [members?.get('enabled')?.value, members?.get('check_interval')?.value];
	if (enabled !== undefined && enabled.type !== 'boolean')
		report(enabled, 'recovery.enabled', `takes true or false, but got ${describeFound(enabled)}.`);
	const isInterval = interval?.type === 'number' && interval.value > 0 && interval.value <= MAX_SECONDS;
	if (interval !== undefined && !isInterval)
		report(
			interval,
			'recovery.check_interval',
			`takes a number of seconds up to ${MAX_SECONDS}, but got ${describeFound(interval)}.`,
		);
	return {
		enabled: enabled?.type === 'boolean' ? enabled.value : true,
		checkInterval: isInterval ? interval.value : null,
	};
}

/** A day. */
const MAX_SECONDS = 86_400;
