// Reads, and asks for the newest of each code, with fhir-kit-client: node last.mjs BASE
import { Client } from 'fhir-kit-client'

const [base] = process.argv.slice(2)
const client = new Client({ baseUrl: base })
const patients = await client.search({ resourceType: 'Patient' })
const patient = patients.entry[0].resource.id
const newest = await client.operation({ resourceType: 'Observation', name: 'lastn', method: 'get', input: { patient, category: 'vital-signs' } })
const one = newest.entry[0].resource
const read = await client.read({ resourceType: 'Observation', id: one.id })
const metric = await client.read({ resourceType: 'DeviceMetric', id: read.device.reference.split('/')[1] })
const byMdc = await client.search({ resourceType: 'Observation', searchParams: { code: 'urn:iso:std:iso:11073:10101|147842', _count: 1 } })
const status = await client.read({ resourceType: 'Observation', id: 'nothing' }).then(() => 200, error => error.response.status)
console.log(`result ${JSON.stringify({ same: JSON.stringify(one) === JSON.stringify(read), newest: newest.total, metric: metric.category, byMdc: byMdc.entry.length, status })}`)
