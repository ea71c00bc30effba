namespace Bedside.Extract.Privacy;

/// <summary>How many patients, each once, and how many stays each class of a cohort holds, whichever way its columns are drawn together. Not for two threads.</summary>
internal sealed class ClassCounts
{
    private readonly (int Patient, int Cell)[] _stays;
    private readonly int[] _last = new int[Lattice.Cells];
    private LatticeNode _node = Lattice.All[0];

    /// <summary>Counts nothing yet.</summary>
    /// <param name="stays">Those of a patient together: ascending by <see cref="SubjectStay.Subject"/>.</param>
    public ClassCounts(IReadOnlyList<SubjectStay> stays)
    {
        _stays = new (int, int)[stays.Count];
        int patient = 0;
        for (int i = 0; i < stays.Count; i++)
        {
            patient += i > 0 && stays[i].Subject != stays[i - 1].Subject ? 1 : 0;
            _stays[i] = (patient, Lattice.CellOf(stays[i]));
        }

        AllPatients = stays.Count == 0 ? 0 : patient + 1;
    }

    public int AllPatients { get; }

    /// <summary>Of each class as it was counted last, each patient once.</summary>
    public int[] Patients { get; } = new int[Lattice.Cells];

    /// <summary>Of each class as it was counted last.</summary>
    public int[] Stays { get; } = new int[Lattice.Cells];

    /// <summary>The class of a stay as it was counted last.</summary>
    public int ClassOf(int stay) => _node.ClassOf[_stays[stay].Cell];

    /// <summary>Returns how many stays are in classes of fewer patients than <paramref name="least"/>.</summary>
    public int Count(LatticeNode node, int least)
    {
        _node = node;
        foreach (int one in node.Classes)
        {
            (Patients[one], Stays[one], _last[one]) = (0, 0, -1);
        }

        foreach ((int patient, int cell) in _stays)
        {
            int at = node.ClassOf[cell];
            Stays[at]++;
            if (_last[at] != patient)
            {
                (_last[at], Patients[at]) = (patient, Patients[at] + 1);
            }
        }

        int under = 0;
        foreach (int one in node.Classes)
        {
            under += Patients[one] < least ? Stays[one] : 0;
        }

        return under;
    }
}
