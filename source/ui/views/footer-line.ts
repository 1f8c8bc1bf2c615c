// The last line: a question, what is typed, what the last key did, or else the keys of the view, read from the keymap.
import {selectFile} from '../../store/selectors.ts';
import type {FileState, RunState} from '../../store/state.ts';
import {analysisOf} from '../../store/tally.ts';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth, truncateEnd} from '../../text/width.ts';
import {isCancellable, isRetriable} from '../commands/confirmations.ts';
import {currentWatched, type FolderContext, isIntakePaused} from '../commands/inbox-actions.ts';
import type {Action, KeyBinding, View} from '../commands/keymap.ts';
import {currentView, type Prompt, type Question, type UiState} from '../commands/ui-state.ts';
import {spell} from '../look/glyphs.ts';
import {cutLine, fitItems, type Item, justify, type Line, lineWidth, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {wrapInto} from './sections.ts';

export interface FooterFacts {
	readonly ui: UiState;
	readonly state: RunState;
	/** The watched folder, where this is one. */
	readonly folder: FolderContext | null;
	readonly keymap: readonly KeyBinding[];
	/** Whether the run of this process is on: `state` may be that of a past one. */
	readonly isPresentOn: boolean;
	/** How many files the list shows. */
	readonly shownCount: number;
	/** The file that a key would be about. */
	readonly current: FileState | undefined;
}

export function buildFooter(facts: FooterFacts, columns: number, look: Look): Line {
	const {glyphs} = look;
	const {ui} = facts;
	if (ui.isStopping && facts.isPresentOn) {
		return tell(`Stopping ${glyphs.ellipsis} press q again to leave at once`, columns, look);
	}
	if (ui.prompt?.type === 'filter' || ui.prompt?.type === 'inbox-filter')
		return filterLine(ui.prompt, facts, columns, look);
	if (ui.prompt?.type === 'search')
		return justify(typedText(ui.prompt, ' /', columns, look), [], columns, glyphs.ascii);
	if (ui.runList.opening !== null) return tell(`Reading the run ${glyphs.ellipsis} Esc leaves it`, columns, look);
	if (ui.prompt?.type === 'path')
		return justify(typedText(ui.prompt, ' send: ', columns, look), [], columns, glyphs.ascii);
	if (ui.prompt?.type === 'ask') return askLine(ui.prompt, columns, look);
	if (ui.prompt?.type === 'confirm') {
		return questionLine(ui.prompt, facts.keymap, columns, look);
	}
	if (ui.notice !== '') return tell(ui.notice, columns, look);
	return [span(' '), ...fitItems([...listFacts(facts, look), ...keyItems(facts, look)], columns - 2, 2)];
}

/** The question, and every key that answers it; on a narrow screen those that mean no give way first. */
function questionLine(
	{question, short, intent}: Question,
	keymap: readonly KeyBinding[],
	columns: number,
	{theme, glyphs}: Look,
): Line {
	const keysOf = (wanted: Action): string[] => {
		const label = keymap.find(({action}) => action === wanted)?.label[glyphs.ascii ? 1 : 0] ?? '';
		return label === '' ? [] : [label];
	};
	const more = intent.type === 'stop' ? [...keysOf('quit'), ...keysOf('stop')] : [];
	const yes = [span(['y', glyphs.enter, ...more].join(' '), theme.key), span(' yes ', theme.muted)];
	const no = (keys: string): Line => [span(` ${keys}`, theme.key), span(' no ', theme.muted)];
	const lineOf = (text: string, noKeys: string): readonly [Line, Line] => [
		[span(` ${spell(text, glyphs)}`, theme.warning)],
		[...yes, ...no(noKeys)],
	];
	const long = lineOf(question, 'n Esc');
	const isLong = lineWidth(long[0]) + lineWidth(long[1]) < columns;
	const [left, right] = isLong ? long : lineOf(short, 'n');
	return justify(left, right, columns, glyphs.ascii);
}

const tell = (notice: string, columns: number, {theme, glyphs}: Look): Line =>
	cutLine([span(` ${spell(notice, glyphs)}`, theme.warning)], columns, glyphs.ascii);

type FilterPrompt = Extract<Prompt, {type: 'filter' | 'inbox-filter'}>;
type AskPrompt = Extract<Prompt, {type: 'ask'}>;
type PlainPrompt = Extract<Prompt, {type: 'search' | 'path'}>;

/** The end of what is typed stays in sight. */
function typedText(
	{text}: FilterPrompt | AskPrompt | PlainPrompt,
	sign: string,
	columns: number,
	{theme, glyphs}: Look,
): Line {
	const room = columns - displayWidth(sign) - 2;
	const typed = safe(text);
	const shown = displayWidth(typed) < room ? typed : glyphs.ellipsis + typed.slice(1 - Math.floor(room / 2));
	return [span(sign, theme.key), span(shown), span(' ', theme.selection)];
}

const typedFilter = (prompt: FilterPrompt, columns: number, look: Look): Line => typedText(prompt, ' /', columns, look);
const typedQuestion = (prompt: AskPrompt, columns: number, look: Look): Line =>
	typedText(prompt, ' ask: ', columns, look);

const QUESTION_EXAMPLE = 'sum amount by category where amount > 100';

/** What is typed, and what is wrong with it, or an example. */
function askLine(prompt: AskPrompt, columns: number, look: Look): Line {
	const left = typedQuestion(prompt, columns, look);
	const note = prompt.problem === '' ? QUESTION_EXAMPLE : prompt.problem;
	const room = roomBeside(left, columns);
	const isShown = room >= 8 && (prompt.problem !== '' || prompt.text === '');
	const style = prompt.problem === '' ? look.theme.muted : look.theme.bad;
	const right = isShown ? [span(truncateEnd(spell(note, look.glyphs), room, look.glyphs), style), span(' ')] : [];
	return justify(left, right, columns, look.glyphs.ascii);
}

const roomBeside = (left: Line, columns: number): number => columns - lineWidth(left) - 3;

const PROBLEM_LINE_LIMIT = 3;

/** What is wrong with the filter that is typed, where there is no room for it beside that: lines of their own, above it. */
export function buildProblem({prompt}: UiState, columns: number, look: Look): Line[] {
	if (prompt === null || prompt.type === 'confirm' || prompt.type === 'search' || prompt.type === 'path') return [];
	if (prompt.problem === '') return [];
	const problem = spell(prompt.problem, look.glyphs);
	const typed = prompt.type === 'ask' ? typedQuestion(prompt, columns, look) : typedFilter(prompt, columns, look);
	if (displayWidth(problem) <= roomBeside(typed, columns)) return [];
	return wrapInto(PROBLEM_LINE_LIMIT, problem, columns - 2, look).map(text => [span(` ${text}`, look.theme.bad)]);
}

/** What is typed, and what is wrong with it. */
function filterLine(prompt: FilterPrompt, facts: FooterFacts, columns: number, look: Look): Line {
	const {theme, glyphs} = look;
	const left = typedFilter(prompt, columns, look);
	const roomForNote = roomBeside(left, columns);
	const problem = buildProblem(facts.ui, columns, look).length > 0 ? '' : prompt.problem;
	const note = problem === '' ? countNote(facts) : spell(problem, glyphs);
	const right =
		roomForNote < 8 ? [] : [span(truncateEnd(note, roomForNote, glyphs), problem === '' ? theme.muted : theme.bad)];
	return justify(left, right.length === 0 ? [] : [...right, span(' ')], columns, glyphs.ascii);
}

function countNote({shownCount, state, folder}: FooterFacts): string {
	const [shown, all] =
		folder === null ? [shownCount, state.files.length] : [folder.window.files.length, folder.window.count];
	return `${formatInteger(shown)} of ${formatInteger(all)}`;
}

/** What hides files, or waits for a key: nobody should have to remember it. */
function listFacts(facts: FooterFacts, {theme, glyphs}: Look): Item[] {
	const {ui} = facts;
	const items: Item[] = [];
	if (currentView(ui) === 'history' && ui.runList.search !== '') {
		const text = truncateEnd(safe(ui.runList.search), 24, glyphs);
		items.push({line: [span(`/${text}`, theme.warning)], priority: 12});
	}
	if (currentView(ui) === 'inbox' && ui.inbox.filter.filter !== null) {
		const text = truncateEnd(safe(ui.inbox.filter.text), 24, glyphs);
		items.push({line: [span(`/${text}`, theme.warning), span(` ${countNote(facts)}`, theme.muted)], priority: 12});
	}
	if (currentView(ui) !== 'files') return items;
	if (ui.filter.filter !== null) {
		const text = truncateEnd(safe(ui.filter.text), 24, glyphs);
		items.push({line: [span(`/${text}`, theme.warning), span(` ${countNote(facts)}`, theme.muted)], priority: 12});
	}
	if (ui.marks.size > 0) {
		items.push({line: [span(`${formatInteger(ui.marks.size)} marked`, theme.warning)], priority: 11});
	}
	return items;
}

const LISTS: readonly View[] = ['files', 'columns', 'history', 'inbox', 'routes', 'taskless'];

function keyItems(facts: FooterFacts, look: Look): Item[] {
	const {ui, state, keymap} = facts;
	const view = currentView(ui);
	const isRunOn = state.phase !== 'ended';
	const item = (keys: string, word: string, priority: number): Item => ({
		line: [span(keys, look.theme.key), span(` ${word}`, look.theme.muted)],
		priority,
	});
	if (view === 'palette') return [item(look.glyphs.enter, 'run', 3), item('Esc', 'back', 2)];
	const move = item(moveLabel(keymap, look), LISTS.includes(view) ? 'move' : 'scroll', 3);
	const bindings = keymap.filter(({action, views, footerPriority, isForRun, keys}) => {
		return (
			views.includes(view) &&
			(footerPriority > 0 || isForMarks(action, facts)) &&
			keys.length > 0 &&
			(isRunOn || !isForRun)
		);
	});
	const others = bindings.flatMap(({action, label, short, footerPriority}) => {
		const word = wordFor(action, short, facts);
		const [key = ''] = spell(look.glyphs.ascii ? label[1] : label[0], look.glyphs).split(' ');
		if (word === undefined) return [];
		return [{...item(key, word, footerPriority), ...(isForMarks(action, facts) && {priority: MARKS_PRIORITY})}];
	});
	return [
		...others.filter(({priority}) => priority === MARKS_PRIORITY),
		move,
		...others.filter(({priority}) => priority !== MARKS_PRIORITY),
	];
}

/** What files are marked for: no key but those of the help and the way out comes before them. */
const FOR_MARKS: readonly Action[] = ['cancel', 'retry', 'copy'];
const MARKS_PRIORITY = 8.5;

const isForMarks = (action: Action, {ui}: FooterFacts): boolean =>
	currentView(ui) === 'files' && ui.marks.size > 0 && FOR_MARKS.includes(action);

/** What a key would do here and now; `undefined` where it would do nothing. */
function wordFor(action: Action, short: string, facts: FooterFacts): string | undefined {
	const {ui, state, current} = facts;
	const view = currentView(ui);
	const isRunOn = state.phase !== 'ended';
	if (facts.folder !== null) {
		const word = wordForWatched(action, facts.folder, ui);
		if (word !== null) return word;
	}
	switch (action) {
		case 'open':
			if (view === 'taskless') return 'start';
			return view === 'summary' ? 'files' : view === 'columns' || view === 'history' ? 'open' : short;
		case 'back':
			if (view === 'history') return ui.runList.search === '' ? short : 'all runs';
			if (view === 'summary') return ui.past === null ? undefined : 'past runs';
			if (view !== 'files') return short;
			if (ui.filter.filter !== null) return 'all files';
			if (ui.marks.size > 0) return 'no marks';
			return isRunOn ? (ui.cursor === null ? undefined : 'follow') : 'summary';
		case 'columns':
			return tellsOfColumns(facts) ? short : undefined;
		case 'filter':
			return view === 'history' ? 'find' : short;
		case 'next-view':
			return view === 'summary' || view === 'history' ? undefined : short;
		case 'pause-run':
			return state.isPaused ? 'resume' : short;
		case 'pause-file':
			if (current?.status !== 'running' && current?.isPaused !== true) return undefined;
			return current.isPaused ? 'resume file' : short;
		case 'cancel':
			return isAboutSome(isCancellable, facts) ? short : undefined;
		case 'retry':
			return isAboutSome(isRetriable, facts) ||
				(ui.marks.size === 0 && state.counts.failed + state.counts.cancelled > 0)
				? short
				: undefined;
		default:
			return short;
	}
}

/** In a watched folder; `null`: what it would do anywhere else. */
function wordForWatched(
	action: Action,
	folder: FolderContext,
	{overlay, view, inbox}: UiState,
): string | undefined | null {
	const current = currentWatched(folder);
	const isRetriable =
		view === 'inbox' && overlay === null && current?.isRetriable === true && folder.noChanges === undefined;
	switch (action) {
		case 'open':
			return overlay === 'routes' ? 'retry' : null;
		case 'back':
			if (overlay !== null || view !== 'inbox') return null;
			return inbox.filter.filter !== null
				? 'all files'
				: inbox.cursor !== null
					? 'top'
					: folder.isBeside
						? 'tasks'
						: undefined;
		case 'sort':
			return inbox.isOldestFirst ? 'newest first' : 'oldest first';
		case 'retry':
			return isRetriable ? 'retry' : undefined;
		case 'pause-run':
			return folder.isBeside && isIntakePaused(folder.look.status) ? 'resume' : null;
		case 'retry-all':
			return folder.look.status.files.failed > 0 ? 'retry all' : undefined;
		case 'route':
			return isRetriable && folder.tags.length > 1 ? 'route' : undefined;
		default:
			return null;
	}
}

/** Whether an analysis of the file of the details, or else of any file, tells of each column. */
function tellsOfColumns({ui, state, current}: FooterFacts): boolean {
	const ofFile = current === undefined ? [] : [analysisOf(current) ?? ''];
	const names = (ui.view === 'details' ? ofFile : state.tally.analyses).flatMap(made => made.split(','));
	return state.analysisInfos.some(
		({name, views}) => names.includes(name) && views.some(({show}) => show === 'columns'),
	);
}

/** Of more marks than this, some will do: the footer is drawn ten times a second. */
const MARKS_LOOKED_AT = 1000;

/** Whether a key that takes the marked files, or else the current one, has any to take. */
function isAboutSome(isWanted: (file: FileState) => boolean, {ui, state, current}: FooterFacts): boolean {
	if (ui.marks.size === 0) return current !== undefined && isWanted(current);
	if (ui.marks.size > MARKS_LOOKED_AT) return true;
	for (const name of ui.marks) {
		const file = selectFile(state, name);
		if (file !== undefined && isWanted(file)) return true;
	}
	return false;
}

/** `↑↓`, or two letters where there are no arrows. */
function moveLabel(keymap: readonly KeyBinding[], {glyphs}: Look): string {
	const labels = (['up', 'down'] as const).map(
		wanted => keymap.find(({action}) => action === wanted)?.label[glyphs.ascii ? 1 : 0].split(' ') ?? [],
	);
	const [up = [], down = []] = labels;
	return glyphs.ascii ? `${down.at(-1) ?? ''} ${up.at(-1) ?? ''}` : `${up[0] ?? ''}${down[0] ?? ''}`;
}
