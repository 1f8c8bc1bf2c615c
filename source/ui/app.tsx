// The screen: combines the run's state, the screen's own state and one clock into the current view. What keys do is decided
// in `apply-token.ts`; here it is only carried out.
import {Box} from 'ink';
import {type ReactNode, useMemo, useState, useSyncExternalStore} from 'react';
import type {Connection, ConnectionState} from '../model/connection.ts';
import type {PastRuns} from '../model/past-runs.ts';
import type {RunControl} from '../model/run-control.ts';
import type {Drift} from '../model/run-diff.ts';
import type {WatchedFolder} from '../model/watched-folder.ts';
import type {RunState} from '../store/state.ts';
import type {ShownStore} from '../store/store.ts';
import {safe} from '../text/safe.ts';
import {currentFile, type TerminalEffects} from './commands/actions.ts';
import {applyToken} from './commands/apply-token.ts';
import {type FolderContext, isIntakePaused} from './commands/inbox-actions.ts';
import type {KeyBinding} from './commands/keymap.ts';
import type {ScreenMap} from './commands/pointer.ts';
import {searchOf} from './commands/run-list-state.ts';
import {currentView} from './commands/ui-state.ts';
import {LinesText} from './components/lines-text.tsx';
import {TitleLine} from './components/title-line.tsx';
import {useClock} from './hooks/use-clock.ts';
import {useConnection} from './hooks/use-connection.ts';
import {useEffects} from './hooks/use-effects.ts';
import {useFiguresLine} from './hooks/use-figures-line.ts';
import {useFolder} from './hooks/use-folder.ts';
import {useFoundRuns} from './hooks/use-found-runs.ts';
import {useInputTokens} from './hooks/use-input-tokens.ts';
import {useListWindow} from './hooks/use-list-window.ts';
import {useMessages} from './hooks/use-messages.ts';
import {useNoticeExpiry} from './hooks/use-notice-expiry.ts';
import {useShownRun} from './hooks/use-shown-run.ts';
import {useUiRendered} from './hooks/use-ui-rendered.ts';
import {useUiState} from './hooks/use-ui-state.ts';
import {useViewLines} from './hooks/use-view-lines.ts';
import type {Input} from './input/input-stream.ts';
import {SPINNER_MS, spinnerAt} from './look/glyphs.ts';
import {computeLayout, FIGURES_ROWS, hasRoomForFigures, MINIMUM_COLUMNS, MINIMUM_ROWS} from './look/layout.ts';
import {span, textOf} from './look/line.ts';
import type {Look} from './look/look.ts';
import {paintLines} from './look/paint-span.ts';
import type {StrayMessages} from './terminal/stray-messages.ts';
import {scrollTo} from './terminal/viewport.ts';
import {COLUMN_GAP, type Column, fitColumns, MARKER_WIDTH} from './views/file-columns.ts';
import {createTablePainter} from './views/file-table.ts';
import {buildFooter, buildProblem} from './views/footer-line.ts';
import {buildHeader, type HeaderLines, isAtWork} from './views/header-lines.ts';
import {cursorIndex, windowOffset} from './views/list-window.ts';
import {screenLines} from './views/screen-lines.ts';
import {textRows, textWindow} from './views/text-window.ts';
import {buildWatchedHeader} from './views/watched-header.ts';

/** What the screen needs to know of the stream that it is painted on. */
export interface PaintTarget {
	readonly isStalled: () => boolean;
	readonly subscribeStalled: (listener: () => void) => () => void;
}

export interface AppProps {
	readonly store: ShownStore;
	readonly control: RunControl;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** The paths of the run, safe to print. */
	readonly title: string;
	readonly columns: number;
	readonly rows: number;
	readonly look: Look;
	/** The interval of animations. */
	readonly tickMs: number;
	readonly target: PaintTarget;
	/** `null` without a keyboard. */
	readonly input: Pick<Input, 'subscribe'> | null;
	readonly keymap: readonly KeyBinding[];
	/** The initial filter of the list. */
	readonly filter: string | undefined;
	/** What changed since an earlier run, once this one has ended. */
	readonly findDrift: (() => Drift) | undefined;
	readonly pastRuns: PastRuns | undefined;
	/** The watched folder that it shows. */
	readonly watched: WatchedFolder | undefined;
	/** To the process that the run is one of, where that is another one. */
	readonly connection: Connection | undefined;
	readonly isMouseOn: boolean;
	/** Called when the effect of a key has been rendered and can be painted. */
	readonly onUiRendered: () => void;
	/** What other code writes to standard error. */
	readonly messages: Pick<StrayMessages, 'subscribe'>;
	readonly effects: TerminalEffects;
	/** Writes the report; resolves with its path. */
	readonly onExport: (() => Promise<string>) | undefined;
}

/** Animations slow down while the window has no focus. */
const UNFOCUSED_TICK_MS = 1000;

export function App(props: AppProps): ReactNode {
	const {store, columns, rows, look, tickMs, target, keymap, pastRuns, watched} = props;
	const isBeside = watched?.isBeside === true;
	const present = useSyncExternalStore(store.subscribe, store.getSnapshot);
	const connection = useConnection(props.connection);
	const isStalled = useSyncExternalStore(target.subscribeStalled, target.isStalled);
	const {filter, isMouseOn} = props;
	const isEnded = present.phase === 'ended';
	const initial = {isEnded, isWatched: watched !== undefined && !isBeside, filter, isMouseOn};
	const {ui, dispatch, latest, apply} = useUiState({...initial, leave: props.effects.leave});
	const {state, control, now, title, drift} = useShownRun({...props, state: present}, ui, dispatch);
	const layout = useMemo(() => computeLayout(columns, rows), [columns, rows]);
	const bodyRows = layout?.bodyRows ?? 1;
	const view = currentView(ui);
	const isList = view === 'files';
	const problem = isList || view === 'inbox' || ui.prompt?.type === 'ask' ? buildProblem(ui, columns, look) : [];
	const textRoom = bodyRows - problem.length;
	const folderFor = useFolder(ui.past === null ? watched : undefined, ui, textRoom);
	const folder = folderFor(ui);
	const isTurning = (folder?.isBeside || isAtWork(state)) && folder?.look.status.files.processing !== 0;
	const isAnimated = isTurning && !isStalled;
	const nowMs = useClock(now, state, isAnimated, ui.isFocused ? tickMs : Math.max(tickMs, UNFOCUSED_TICK_MS));
	useNoticeExpiry(ui.notice, dispatch);
	useMessages(props.messages, dispatch);
	useUiRendered(ui, props.onUiRendered);

	const hasFigures = layout !== undefined && hasRoomForFigures(layout) && control.inspectRun !== undefined;
	const tableRows = textRoom - (hasFigures ? FIGURES_ROWS : 0);
	const figures = useFiguresLine({state, control, isShown: hasFigures && isList, columns, look});
	const hasRejects = state.rejectedRows > 0;
	const isMixed = state.tally.analyses.length > 1;
	const tableColumns = useMemo(() => fitColumns(columns, hasRejects, isMixed), [columns, hasRejects, isMixed]);
	const listFor = useListWindow(state, tableRows);
	const list = listFor(ui);
	const [paintTable] = useState(createTablePainter);

	const facts = {state, ui, control, drift, folder, keymap, columns, bodyRows: textRoom, look};
	const listedRuns = useFoundRuns(pastRuns, ui.view === 'history', searchOf(ui));
	const currentId = pastRuns?.currentId() ?? null;
	const {
		lines,
		selectedLine,
		inOneColumn = () => lines,
		columnList = null,
		runs = null,
	} = useViewLines({...facts, listedRuns, currentId, nowMs, tickMs});
	const textHeight = textRows(lines.length, bodyRows);
	const textOffset = selectedLine === null ? ui.textOffset : scrollTo(selectedLine, 0, textHeight, lines.length);

	const text = {
		height: textHeight,
		count: lines.length,
		lines: () => inOneColumn().map(line => textOf(line).trimEnd()),
	};
	const effects = useEffects(props.effects, props.onExport, dispatch);
	const map = mapOf(rows, bodyRows, layout?.hasRules === true, tableColumns);
	const context = {
		...{state, control, list, text, columnList, runs, keymap, map, folder, effects},
		...{pastRuns, hasInboxBeside: isBeside && ui.past === null},
		present: {state: present, control: props.control},
		sortKeys: tableColumns.map(({key}) => key),
	};
	useInputTokens(props.input, token => {
		const {current: latestUi} = latest;
		// The length and contents of another view are known only once it is rendered.
		if (currentView(latestUi) !== view || latestUi.detailsFile !== ui.detailsFile) return false;
		if (latestUi.past !== ui.past) return false;
		const current = {
			...context,
			ui: latestUi,
			list: latestUi === ui ? list : listFor(latestUi),
			folder: latestUi === ui ? folder : folderFor(latestUi),
		};
		apply(applyToken(token, current));
		return true;
	});

	if (layout === undefined) return <TooSmall columns={columns} rows={rows} look={look} />;
	const current = currentFile({...context, ui});
	const footerFacts = {ui, state, folder, isPresentOn: !isEnded, keymap, shownCount: list.files.length, current};
	const header = headerOf({state, folder, nowMs, title, isTurning, connection}, columns, look);
	const spins = isAnimated && ui.isFocused;
	// A screen that is painted less often than the spinner turns takes it from the clock, which is read for each frame.
	const hasSpinner = spins && tickMs <= SPINNER_MS;
	const turning = hasSpinner ? 'own' : isTurning ? (spins ? spinnerAt(nowMs) : '-') : null;
	const body = isList
		? paintTable({
				...{data: list.files, columns: tableColumns, terminalColumns: columns, commonFolder: state.commonFolder},
				...{offset: windowOffset(list, ui), height: list.height, selectedIndex: cursorIndex(list, ui)},
				...{sort: ui.sort, marks: ui.marks, isRunPaused: state.isPaused, nowMs, look},
			})
		: paintLines(textWindow({lines, offset: textOffset, height: textRoom, columns, look}), columns, look);
	const bodyHeight = isList ? tableRows : textRoom;
	const footer = buildFooter(footerFacts, columns, look);
	const shown = screenLines(
		{header, turning, hasRules: layout.hasRules, body, bodyRows: bodyHeight, problem, figures, footer},
		columns,
		look,
	);
	return (
		<Box width={columns} height={rows} flexDirection="column">
			{hasSpinner && <TitleLine header={header} look={look} />}
			<LinesText lines={shown} columns={columns} />
		</Box>
	);
}

const mapOf = (rows: number, bodyRows: number, hasRules: boolean, columns: readonly Column[]): ScreenMap => ({
	...{bodyTop: rows - 1 - bodyRows - (hasRules ? 1 : 0), bodyRows},
	...{columns, firstColumn: MARKER_WIDTH, columnGap: COLUMN_GAP},
});

interface HeaderFacts {
	readonly state: RunState;
	readonly folder: FolderContext | null;
	readonly nowMs: number;
	readonly title: string;
	/** Whether something turns. */
	readonly isTurning: boolean;
	readonly connection: ConnectionState | null;
}

const headerOf = (
	{state, folder, nowMs, title, isTurning, connection}: HeaderFacts,
	columns: number,
	look: Look,
): HeaderLines =>
	folder === null
		? buildHeader(state, nowMs, {title, connection}, columns, look)
		: buildWatchedHeader(
				{...titleOf(folder, state, title), status: folder.look.status, isAtWork: isTurning, connection},
				columns,
				look,
			);

/** Beside a run the folder has a name and a pause of its own. */
const titleOf = (
	{isBeside, look: {status}}: FolderContext,
	{isPaused}: RunState,
	title: string,
): {readonly title: string; readonly isPaused: boolean} =>
	isBeside
		? {
				title: `${title} ${safe(status.folder)}`,
				isPaused: isIntakePaused(status),
			}
		: {title, isPaused};

function TooSmall({columns, rows, look}: {readonly columns: number; readonly rows: number; readonly look: Look}) {
	const needed = `Needs ${MINIMUM_COLUMNS} × ${MINIMUM_ROWS}`;
	const found = `${needed}, has ${columns} × ${rows}`;
	const text = [`${found}. The run goes on.`, found].find(({length}) => length < columns) ?? needed;
	const shown = look.glyphs.ascii ? text.replaceAll('×', 'x') : text;
	return (
		<Box width={columns} height={rows}>
			<LinesText lines={paintLines([[span(shown)]], columns, look)} columns={columns} />
		</Box>
	);
}
