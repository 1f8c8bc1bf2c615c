import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {ReactNode} from 'react';
import type {Look} from '../look/look.ts';
import {paintLine} from '../look/paint-span.ts';
import type {HeaderLines} from '../views/header-lines.ts';
import {LineText} from './line-text.tsx';

interface HeaderProps {
	readonly lines: HeaderLines;
	/** Whether something turns, or would if the terminal read. */
	readonly isAtWork: boolean;
	/** Whether animations run: not while the terminal does not read. */
	readonly isAnimated: boolean;
	readonly look: Look;
}

export function Header({lines, isAtWork, isAnimated, look}: HeaderProps): ReactNode {
	const {beforeSpinner, afterSpinner, progress, counts} = lines;
	const spinner = <Text {...look.theme.active}> {isAnimated ? <Spinner type="line" /> : '-'}</Text>;
	return (
		<Box flexDirection="column">
			<Text wrap="truncate-end">
				{paintLine(beforeSpinner)}
				{isAtWork ? spinner : null}
				{paintLine(afterSpinner)}
			</Text>
			<LineText line={progress} />
			<LineText line={counts} />
		</Box>
	);
}
