using Bedside.Model.Research;

namespace Bedside.Storage.Studies;

/// <summary>What the public log says of a step.</summary>
internal static class PublicSteps
{
    /// <summary>The line of a step; that of a draft tells nothing of what is asked for.</summary>
    /// <param name="after">With the step.</param>
    /// <param name="head">The line before it.</param>
    public static PublicLine LineOf(Study after, StudyStep step, StudyMoment moment, LogHead head)
    {
        var course = StudyCourse.Of(after, moment);
        bool isSecret = course.State == StudyState.Draft;
        StudyRequest request = after.Request;
        return new PublicLine(
            head.Number + 1,
            step.At,
            after.Id,
            step.Kind,
            course.State,
            isSecret ? new TwoTongues(string.Empty, string.Empty) : request.Title,
            isSecret ? string.Empty : request.Body,
            isSecret ? LegalBasis.None : request.Basis,
            isSecret ? string.Empty : request.BasisReference,
            course.Patients,
            step.Kind == StudyStepKind.Submit ? request.PublicInterest : step.Why,
            head.Hash)
        {
            Says = PublicSentences.Of(after, step, course),
        };
    }
}
