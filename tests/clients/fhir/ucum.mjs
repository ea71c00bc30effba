// Asks the LHC validator of UCUM about every code that is given: node ucum.mjs CODE...
import ucum from '@lhncbc/ucum-lhc'

const validator = ucum.UcumLhcUtils.getInstance()
const codes = process.argv.slice(2)
const wrong = codes.filter(code => validator.validateUnitString(code).status !== 'valid')
console.log(`result ${JSON.stringify({ codes: codes.length, wrong })}`)
