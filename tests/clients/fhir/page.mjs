// Pages through a search with fhir-kit-client and tells what came: node page.mjs BASE PARAMETERS-AS-JSON [FILE for the resources, one a line]
import { createWriteStream } from 'node:fs'
import { Client } from 'fhir-kit-client'

const [base, parameters, file] = process.argv.slice(2)
const client = new Client({ baseUrl: base })
const out = file ? createWriteStream(file) : null
const ids = new Set()
const faults = []
let pages = 0
let entries = 0
let former = ''
const capability = await client.capabilityStatement()
if (capability.fhirVersion !== '4.0.1') faults.push(`fhirVersion ${capability.fhirVersion}`)
let bundle = await client.search({ resourceType: 'Observation', searchParams: JSON.parse(parameters) })
while (bundle) {
  pages++
  const links = Object.fromEntries(bundle.link.map(link => [link.relation, link.url]))
  if (!links.self?.startsWith(`${base}/`)) faults.push(`self ${links.self}`)
  if (links.next !== undefined && !links.next.startsWith(`${base}/`)) faults.push(`next ${links.next}`)
  for (const { resource, fullUrl, search } of bundle.entry ?? []) {
    if (search.mode !== 'match') continue
    entries++
    if (fullUrl !== `${base}/Observation/${resource.id}`) faults.push(`fullUrl ${fullUrl}`)
    ids.add(resource.id)
    const time = (resource.effectiveDateTime ?? resource.effectivePeriod.start).slice(0, 23)
    if (time < former) faults.push(`${time} after ${former}`)
    former = time
    out?.write(`${JSON.stringify(resource)}\n`)
  }
  process.stdout.write(pages === 1 ? 'first page\n' : '')
  bundle = links.next ? await client.nextPage({ bundle }) : null
}
if (out) await new Promise(done => out.end(done))
console.log(`result ${JSON.stringify({ pages, entries, distinct: ids.size, faults: faults.slice(0, 5) })}`)
