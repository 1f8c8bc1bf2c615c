import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Look} from '../look/look.ts';
import {paintLine} from '../look/paint-span.ts';
import type {HeaderLines} from '../views/header-lines.ts';
import {LineText} from './line-text.tsx';

interface HeaderProps {
	readonly lines: HeaderLines;
	/** Whether something turns, or would if the terminal read. */
	readonly isAtWork: boolean;
	/** What turns there. It is of the one clock of the screen: a timer of its own would cause a layout at each of its steps. */
	readonly spinner: string;
	readonly look: Look;
}

export function Header({lines, isAtWork, spinner, look}: HeaderProps): ReactNode {
	const {beforeSpinner, afterSpinner, progress, counts} = lines;
	return (
		<Box flexDirection="column">
			<Text wrap="truncate-end">
				{paintLine(beforeSpinner)}
				{isAtWork ? <Text {...look.theme.active}> {spinner}</Text> : null}
				{paintLine(afterSpinner)}
			</Text>
			<LineText line={progress} />
			<LineText line={counts} />
		</Box>
	);
}
