// Real processes, a real browser and limits in seconds: one test at a time has the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
