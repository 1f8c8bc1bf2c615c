import {Text} from 'ink';
import Spinner from 'ink-spinner';
import type {ReactNode} from 'react';
import type {Look} from '../look/look.ts';
import {paintLine} from '../look/paint-span.ts';
import type {HeaderLines} from '../views/header-lines.ts';

interface TitleLineProps {
	readonly header: HeaderLines;
	readonly look: Look;
}

/** The first line while something turns in it: the one thing on the screen with a clock of its own. */
export function TitleLine({header: {beforeSpinner, afterSpinner}, look}: TitleLineProps): ReactNode {
	return (
		<Text wrap="truncate-end">
			{paintLine(beforeSpinner)}
			<Text {...look.theme.active}>
				{' '}
				<Spinner type="line" />
			</Text>
			{paintLine(afterSpinner)}
		</Text>
	);
}
