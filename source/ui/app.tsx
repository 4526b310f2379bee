import {Box, Text, useApp, useInput, usePaste} from 'ink';
import {useSyncExternalStore} from 'react';
import {Frame} from './components/frame.js';
import type {Intent} from './keys/intent.js';
import {keyIntent} from './keys/key-intent.js';
import {hasNoEngine, noEngineChoices} from './keys/no-engine.js';
import {keyNames} from './keys/press.js';
import {pasteIntent} from './keys/text-intent.js';
import {least} from './layout.js';
import {agreeChoices, agreeWords} from './lines/agree-words.js';
import {footerLine, headerLine, probeLine} from './lines/bars.js';
import type {Look} from './lines/line.js';
import {overlayOf} from './lines/overlays.js';
import {Bar} from './panes/bars.js';
import {Menu} from './panes/menu.js';
import {NoEngine} from './panes/no-engine.js';
import {Panes} from './panes/panes.js';
import type {State} from './state/state.js';
import {layout} from './state/view.js';
import type {Store} from './store.js';

interface Props {
	store: Store;
	look: Look;
	/** -4 or -6, for requests that are typed. */
	family: 4 | 6 | null;
	/** Carries out what a key stands for. */
	carryOut(intent: Intent, suspend: (run: () => Promise<void>) => Promise<void>): void;
}

/**
 * The whole screen, the root of everything that is drawn:
 *
 *     header   host, engine, vantage
 *     body     the panes; or the help, or that no engine answers; a menu lies over them
 *     probe    (low screens) what p would send, or how the last probe fared
 *     footer   the keys; or the line that is being typed; or one note
 */
export function App({store, look, family, carryOut}: Props) {
	const state = useSyncExternalStore(store.subscribe, store.state);
	const {suspendTerminal} = useApp();
	const meant = (intent: Intent) => carryOut(intent, run => suspendTerminal(run));
	useInput((input, key) => {
		// Every key sees the state that the one before it left.
		for (const name of keyNames(input, key)) meant(keyIntent(store.state(), name, family));
	});
	usePaste(text => {
		if (store.state().mode.kind === 'text') meant(pasteIntent(text));
	});
	const {columns, rows} = state.size;
	const {kind, body, probeLine: hasProbeLine} = layout(state);
	if (kind === 'tooSmall') return <TooSmall size={state.size} />;
	return (
		<Box flexDirection="column" height={rows}>
			<Bar line={headerLine(state.session, columns)} width={columns} look={look} />
			<Box height={body} flexShrink={0}>
				<Body state={state} look={look} body={body} />
			</Box>
			{hasProbeLine && <Bar line={probeLine(state)} width={columns} look={look} />}
			<Bar line={footerLine(state, columns, look.ascii)} width={columns} look={look} />
			{state.mode.kind === 'agree' && (
				<Menu title="Trace" words={agreeWords(state)} labels={agreeChoices} index={state.mode.index} screen={state.size} look={look} />
			)}
			{state.mode.kind === 'menu' && (
				<Menu
					title={state.mode.title}
					labels={state.mode.items.map(({label}) => label)}
					index={state.mode.index}
					screen={state.size}
					look={look}
				/>
			)}
		</Box>
	);
}

function Body({state, look, body}: {state: State; look: Look; body: number}) {
	const {columns} = state.size;
	const {mode, session} = state;
	const over = overlayOf(mode);
	if (over) {
		const lines = over.lines(state, columns - 4, look);
		const top = Math.min(over.top, Math.max(0, lines.length - body + 2));
		const shown = lines.slice(top, top + body - 2).map(line => [{text: ' '}, ...line]);
		const below = lines.length - top - body + 2;
		return (
			<Frame
				title={over.title}
				bottomRight={below > 0 ? `${below} more below, esc closes` : 'esc closes'}
				lines={shown}
				width={columns}
				height={body}
				focused
				look={look}
			/>
		);
	}
	if (session.link.kind === 'lost' && hasNoEngine(state)) {
		const choices = noEngineChoices(state).map(({label}) => label);
		return <NoEngine link={session.link} choices={choices} index={state.choice} width={columns} height={body} look={look} />;
	}
	return <Panes state={state} look={look} />;
}

function TooSmall({size: {columns, rows}}: {size: State['size']}) {
	return (
		<Box height={rows}>
			<Text>{`dockhop needs ${least.columns}×${least.rows}; this is ${columns}×${rows}`.replaceAll('×', 'x')}</Text>
		</Box>
	);
}
