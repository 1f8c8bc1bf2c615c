// The text of a configuration → its routes, or all faults with their places. What depends on the machine, which processors and modules
// there are, is for `load-pipeline.ts`.
import {describeFound, type ReportIssue} from '../../text/json-values.ts';
import {isModulePath} from '../../text/module-path.ts';
import {type JsonMember, type JsonNode, JsonSyntaxError, locate, parseJson} from '../../text/parse-json.ts';
import {checkWays} from './check-ways.ts';
import {classicKindOf, parseLogProcessorFile, parsePipelineFile} from './parse-classic.ts';
import {parseRoutes} from './parse-routes.ts';
import type {PipelineFault} from './pipeline-error.ts';
import {readMembers, readText, within} from './read-json.ts';
import type {WrittenPipeline, WrittenText} from './written.ts';

export interface ParsedPipeline extends WrittenPipeline {
	readonly faults: readonly PipelineFault[];
}

/** What may stand beside routes, and around them: the names of settings that somebody else reads. */
export interface OtherNames {
	/** Beside `routes`. */
	readonly settings?: readonly string[];
	/** Those that stand beside routes in another file alone: the user's own configuration. */
	readonly elsewhere?: readonly string[];
	/** Beside `watch`, where the routes stand in a whole configuration file. */
	readonly beside?: readonly string[];
}

const NOTHING: WrittenPipeline = {routes: [], modules: [], settings: [], classic: null};

export function parsePipeline(text: string, otherNames: OtherNames = {}): ParsedPipeline {
	const faults: PipelineFault[] = [];
	const report: ReportIssue = ({offset}, path, sentence) => {
		faults.push({place: locate(text, offset), sentence: path === '' ? sentence : `${path} ${sentence}`});
	};
	const root = readRoot(text, report);
	const written = root === null ? NOTHING : readPipeline(root, otherNames, report);
	return {...written, faults};
}

function readRoot(text: string, report: ReportIssue): JsonNode | null {
	try {
		return parseJson(text, {hasComments: true});
	} catch (error) {
		if (!(error instanceof JsonSyntaxError)) throw error;
		report(error, '', `is no JSON: ${error.message}.`);
		return null;
	}
}

function readPipeline(root: JsonNode, otherNames: OtherNames, report: ReportIssue): WrittenPipeline {
	if (root.type !== 'object') {
		report(root, '', `Expected an object like {"routes": […]}, but found ${describeFound(root)}.`);
		return NOTHING;
	}
	const kind = classicKindOf(root.members);
	if (kind === 'log-processor') return parseLogProcessorFile(root, report);
	if (kind === 'pipeline') return parsePipelineFile(root, report);
	if (!root.members.some(({name}) => name === 'watch')) return parseWatch(root, '', otherNames, report);
	const around = {
		keys: [...new Set(['watch', '$schema', ...(otherNames.beside ?? [])])],
		example: '{"watch": {"routes": […]}}',
	};
	const watch = readMembers(root, '', around, report)?.get('watch');
	return watch === undefined ? NOTHING : parseWatch(watch.value, 'watch', otherNames, report);
}

function parseWatch(
	node: JsonNode,
	path: string,
	{settings = [], elsewhere = []}: OtherNames,
	report: ReportIssue,
): WrittenPipeline {
	const keys = ['routes', 'processors', ...(path === '' ? ['$schema'] : []), ...settings];
	const own = withoutSettings(node, path, elsewhere, report);
	const members = readMembers(own, path, {keys, example: '{"routes": […]}'}, report);
	if (members === null) return NOTHING;
	const [routesNode, modulesNode] = [members.get('routes'), members.get('processors')];
	const routesPath = within(path, 'routes');
	const {routes, areWhole} =
		routesNode === undefined ? {routes: [], areWhole: false} : parseRoutes(routesNode.value, routesPath, report);
	if (routesNode === undefined)
		report(node, path, path === '' ? 'Expected routes, but there are none.' : 'has no routes.');
	checkWays(routes, routesPath, areWhole, report);
	const modules = modulesNode === undefined ? [] : parseModules(modulesNode.value, within(path, 'processors'), report);
	return {
		routes,
		modules,
		settings: Array.from(members.values()).filter(({name}) => settings.includes(name)),
		classic: null,
	};
}

/** Otherwise they would be told like misspelt names. */
function withoutSettings(node: JsonNode, path: string, names: readonly string[], report: ReportIssue): JsonNode {
	if (node.type !== 'object') return node;
	const isStray = ({name}: JsonMember): boolean => names.includes(name);
	for (const member of node.members.filter(isStray))
		report(
			member,
			within(path, member.name),
			'can only be set by its flag, or under watch in your own configuration file (fileproc-tui config shows where it is).',
		);
	return {...node, members: node.members.filter(member => !isStray(member))};
}

function parseModules(node: JsonNode, path: string, report: ReportIssue): readonly WrittenText[] {
	const items = node.type === 'list' ? node.items : [node];
	return items.flatMap((item, index) => {
		const itemPath = node.type === 'list' ? `${path}[${index}]` : path;
		const what = 'the path of a module like ./uppercase.ts';
		if (item.type === 'text' && item.value !== '' && !isModulePath(item.value)) {
			report(item, itemPath, `takes ${what}, but got ${describeFound(item)}.`);
			return [];
		}
		return readText(item, itemPath, what, report) ?? [];
	});
}
