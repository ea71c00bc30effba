using Bedside.Model;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary>Ten thousand lives of studies, in which anybody tries anything in any role at any time: whatever was taken keeps the promises to patients.</summary>
public sealed class StudyWalkTests
{
    private const int Walks = 10_000;
    private const int Tries = 60;

    [Fact]
    public void No_life_of_a_study_gives_one_person_two_roles_or_a_package_too_early()
    {
        int released = 0;
        int fetched = 0;
        var reached = new HashSet<StudyState>();
        for (int seed = 0; seed < Walks; seed++)
        {
            var random = new Random(seed);
            var walk = new StudyWalk();
            var states = new List<StudyState> { StudyState.Draft };
            for (int i = 0; i < Tries; i++)
            {
                Try(walk, random, states);
            }

            reached.UnionWith(states);
            AssertKept(walk.Study, seed);
            released += walk.Study.Steps.Any(step => step.Kind == StudyStepKind.Release) ? 1 : 0;
            fetched += walk.Study.Steps.Any(step => step.Kind == StudyStepKind.Fetch) ? 1 : 0;
        }

        Assert.True(released > 100 && fetched > 50, $"{released} released, {fetched} fetched of {Walks}");
        Assert.Equal(Enum.GetValues<StudyState>().ToHashSet(), reached);
    }

    /// <summary>Half of the tries are of somebody who may hold every role there is: the rules of persons must hold then too.</summary>
    private static void Try(StudyWalk walk, Random random, List<StudyState> states)
    {
        if (random.Next(4) == 0)
        {
            walk.Pass(random.Next(8) == 0 ? 100 : random.Next(1, 10));
            states.Add(walk.State);
            return;
        }

        string who = random.Next(8) == 0 ? StudyCourse.Box : StudyWalk.Everybody[random.Next(StudyWalk.Everybody.Length)];
        StudyStepKind[] kinds = Enum.GetValues<StudyStepKind>();
        StudyStepKind kind = random.Next(3) == 0 ? kinds[random.Next(kinds.Length)] : Next(walk.State, random);
        Role[]? roles = who != StudyCourse.Box && random.Next(2) == 0 ? Enum.GetValues<Role>() : null;
        StudyState before = walk.State;
        if (walk.Take(kind, who, roles) is null)
        {
            Assert.True(before != StudyState.Expired || kind is StudyStepKind.AttestDestruction or StudyStepKind.Expire, $"{kind} of an expired permission");
            states.Add(walk.State);
        }
    }

    /// <summary>A step that leads on, so that walks come far.</summary>
    private static StudyStepKind Next(StudyState state, Random random) => state switch
    {
        StudyState.Draft => StudyStepKind.Submit,
        StudyState.Submitted => StudyStepKind.ApproveFirst,
        StudyState.ApprovedOnce => StudyStepKind.ApproveSecond,
        StudyState.Opposition or StudyState.Ready => StudyStepKind.Build,
        StudyState.Built => StudyStepKind.Release,
        StudyState.Suspended => StudyStepKind.Resume,
        StudyState.Recalled or StudyState.Expired => StudyStepKind.AttestDestruction,
        _ => random.Next(2) == 0 ? StudyStepKind.Fetch : StudyStepKind.Recall,
    };

    private static void AssertKept(Study study, int seed)
    {
        var requesters = study.Request.People.Select(one => one.Badge).Append("R1").ToHashSet();
        string first = By(study, StudyStepKind.ApproveFirst);
        string second = By(study, StudyStepKind.ApproveSecond);
        Assert.True(study.Steps.Count(step => step.Kind is StudyStepKind.ApproveFirst) <= 1, $"walk {seed}");
        foreach (StudyStep step in study.Steps)
        {
            bool decides = step.Kind is StudyStepKind.ApproveFirst or StudyStepKind.ApproveSecond or StudyStepKind.Refuse or StudyStepKind.Resume or StudyStepKind.Build or StudyStepKind.Release or StudyStepKind.Recall;
            Assert.False(decides && requesters.Contains(step.By), $"walk {seed}: {step}");
            Assert.True(step.Kind is not (StudyStepKind.Fetch or StudyStepKind.AttestDestruction) || study.Request.People.Any(one => one.Badge == step.By), $"walk {seed}: {step}");
        }

        Assert.True(first.Length == 0 || first != second, $"walk {seed}");
        foreach (StudyStep release in study.Steps.Where(step => step.Kind == StudyStepKind.Release))
        {
            StudyStep build = study.Steps.Last(step => step.Kind == StudyStepKind.Build && step.Number < release.Number);
            Assert.True(new[] { first, second, build.By, release.By }.Where(who => who.Length > 0 && who != StudyCourse.Box).Distinct().Count() >= 3, $"walk {seed}");
            Assert.True(first.Length > 0 && second.Length > 0 && release.By != first && release.By != second && release.By != build.By, $"walk {seed}: {release}");
        }

        foreach (StudyStep build in study.Steps.Where(step => step.Kind == StudyStepKind.Build))
        {
            UtcInstant agreed = study.Steps.Single(step => step.Kind == StudyStepKind.ApproveSecond).At;
            Assert.True(build.At.Since(agreed) >= TimeSpan.FromDays(15).Ticks * TimeSpan.NanosecondsPerTick, $"walk {seed}: {build}");
        }

        Assert.All(study.Steps.Where(step => step.Kind == StudyStepKind.Fetch), fetch => Assert.Equal(StudyStepKind.Release, LastOfPackage(study, fetch)));
    }

    /// <summary>What was last done with the package before it was fetched, apart from other downloads and pauses.</summary>
    private static StudyStepKind LastOfPackage(Study study, StudyStep fetch) =>
        study.Steps.Last(step => step.Number < fetch.Number && step.Kind is not (StudyStepKind.Fetch or StudyStepKind.Suspend or StudyStepKind.Resume)).Kind;

    private static string By(Study study, StudyStepKind kind) => study.Steps.FirstOrDefault(step => step.Kind == kind)?.By ?? string.Empty;
}
