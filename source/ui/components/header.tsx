import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {ReactNode} from 'react';
import type {RunState} from '../../store/state.ts';
import type {Look} from '../look/look.ts';
import {paintLine} from '../look/paint-span.ts';
import {buildHeader, isAtWork} from '../views/header-lines.ts';
import {LineText} from './line-text.tsx';

interface HeaderProps {
	readonly state: RunState;
	readonly nowMs: number;
	readonly title: string;
	readonly columns: number;
	/** Whether animations run: not while the terminal does not read. */
	readonly isAnimated: boolean;
	readonly look: Look;
}

export function Header({state, nowMs, title, columns, isAnimated, look}: HeaderProps): ReactNode {
	const {beforeSpinner, afterSpinner, progress, counts} = buildHeader(state, nowMs, title, columns, look);
	const spinner = <Text {...look.theme.active}> {isAnimated ? <Spinner type="line" /> : '-'}</Text>;
	return (
		<Box flexDirection="column">
			<Text wrap="truncate-end">
				{paintLine(beforeSpinner)}
				{isAtWork(state) ? spinner : null}
				{paintLine(afterSpinner)}
			</Text>
			<LineText line={progress} />
			<LineText line={counts} />
		</Box>
	);
}
