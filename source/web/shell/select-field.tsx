import {type ReactNode, useId} from 'react';

interface SelectFieldProps {
	readonly label: string;
	readonly value: string;
	/** Texts by their values. */
	readonly choices: Readonly<Record<string, string>>;
	readonly onChange: (value: string) => void;
}

export function SelectField({label, value, choices, onChange}: SelectFieldProps): ReactNode {
	const id = useId();
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<select id={id} value={value} onChange={event => onChange(event.target.value)}>
				{Object.entries(choices).map(([each, text]) => (
					<option key={each} value={each}>
						{text}
					</option>
				))}
			</select>
		</div>
	);
}
