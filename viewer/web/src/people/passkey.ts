import { say } from './me.ts';

interface Asked {
  readonly ticket: string;
  readonly options: string;
}

/** WebAuthn works on names, over TLS or on this machine, and where the browser can do it. */
export const passkeysWork = (): boolean => isSecureContext && 'PublicKeyCredential' in globalThis && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' && !/^[\d.]+$|:/.test(location.hostname);

async function answer(path: string, asked: unknown, make: (options: string) => Promise<Credential | null>): Promise<string> {
  const { ticket, options } = asked as Asked;
  try {
    const credential = await make(options);
    return (await say('POST', path, { ticket, credential: JSON.stringify((credential as PublicKeyCredential | null)?.toJSON()) })).fault;
  } catch {
    // The person, or the authenticator, did not want to.
    return 'passkey';
  }
}

export async function addPasskey(): Promise<string> {
  const { fault, json } = await say('POST', '/passkeys/begin');
  return fault !== '' ? fault : answer('/passkeys', json, (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)) }));
}

export async function signInWithPasskey(): Promise<string> {
  const { fault, json } = await say('POST', '/passkeys/ask');
  return fault !== '' ? fault : answer('/passkeys/sign-in', json, (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) }));
}
