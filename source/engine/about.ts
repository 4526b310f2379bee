import type {Engine, EngineFlavour} from '../model/index.js';
import type {EngineAddress} from './address.js';
import type {ApiInfo, ApiVersion} from './api.js';
import {word, wordOrNull} from './words.js';

/** The engine itself from GET /version and GET /info. */
export function aboutFrom(address: EngineAddress, version: ApiVersion, info: ApiInfo): Omit<Engine, 'networks' | 'containers'> {
	return {
		url: address.url,
		chosenBy: address.chosenBy,
		version: word(version.Version) || word(info.ServerVersion),
		apiVersion: word(version.ApiVersion),
		flavour: flavourFrom(version, info),
		operatingSystem: word(info.OperatingSystem),
		kernelVersion: word(info.KernelVersion) || word(version.KernelVersion),
		hostName: word(info.Name),
		firewallBackend: wordOrNull(info.FirewallBackend?.Driver),
	};
}

function flavourFrom(version: ApiVersion, info: ApiInfo): EngineFlavour {
	if (version.Components?.some(({Name}) => Name?.startsWith('Podman'))) return 'podman';
	if (info.OperatingSystem?.startsWith('Docker Desktop')) return 'desktop';
	return info.SecurityOptions?.some(option => option.split(',').includes('name=rootless')) ? 'rootless' : 'docker';
}
